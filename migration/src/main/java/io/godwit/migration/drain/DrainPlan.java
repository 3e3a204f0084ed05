package io.godwit.migration.drain;

import io.godwit.core.GroupName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is to become of the groups of a site that is drained, in the order of their priorities: one after the other is moved live, as long as it
 * will be at the other site before the deadline; the others are made synchronous, so that nothing acknowledged is lost with the site. A group that doesn't
 * fit is no reason to leave a smaller one behind it.
 */
public record DrainPlan(List<Step> steps) {
    /** A move counts as one that fits if it would still do so when it took so much longer than expected. */
    private static final double RESERVE = 1.2;

    public DrainPlan {
        steps = List.copyOf(steps);
    }

    /** What is to become of one group. */
    public sealed interface Step {
        Candidate candidate();

        /**
         * It is moved live.
         *
         * @param begins from now on, when those before it are expected to have left
         * @param ends when it is expected to run at the other site
         */
        record Move(Candidate candidate, Duration begins, Duration ends) implements Step {}

        /** It is made synchronous, if it isn't already. */
        record Synchronise(Candidate candidate, String reason) implements Step {}

        /** Nothing can be done for it now. */
        record Stay(Candidate candidate, String reason) implements Step {}
    }

    /**
     * Plans from what is known now.
     *
     * @param busy how long the move that is under way is still expected to take
     * @param left until the deadline, which may have passed; empty if there is none
     */
    public static DrainPlan of(List<Candidate> candidates, Duration busy, Optional<Duration> left) {
        List<Step> steps = new ArrayList<>();
        Duration clock = busy;
        for (Candidate next : candidates.stream().sorted(Candidate.ORDER).toList()) {
            Step step = step(next, clock, left);
            if (step instanceof Step.Move(Candidate _, Duration _, Duration ends)) {
                clock = ends;
            }
            steps.add(step);
        }
        return new DrainPlan(steps);
    }

    private static Step step(Candidate next, Duration begins, Optional<Duration> left) {
        Optional<String> against = next.obstacle().or(() -> tooLate(next, begins, left));
        if (against.isEmpty()) {
            return new Step.Move(next, begins, begins.plus(next.estimate().expected()));
        }
        if (next.synchronous() || next.unsafe().isEmpty()) {
            return new Step.Synchronise(next, against.get());
        }
        return new Step.Stay(
                next,
                "%s; nor can it be synchronised: %s"
                        .formatted(against.get(), next.unsafe().get()));
    }

    private static Optional<String> tooLate(Candidate next, Duration begins, Optional<Duration> left) {
        if (left.isEmpty()) {
            return Optional.empty();
        }
        Duration expected = next.estimate().expected();
        Duration careful = Duration.ofMillis((long) Math.ceil(expected.toMillis() * RESERVE));
        Duration room = left.get().minus(begins);
        if (room.compareTo(careful) >= 0) {
            return Optional.empty();
        }
        return Optional.of(
                room.isPositive()
                        ? "a live move takes about %s, with a reserve %s, and %s are left for it"
                                .formatted(text(expected), text(careful), text(room))
                        : "no time is left for a live move, which takes about %s".formatted(text(expected)));
    }

    /** The moves, in their order. */
    public List<Step.Move> moves() {
        return steps.stream()
                .filter(Step.Move.class::isInstance)
                .map(Step.Move.class::cast)
                .toList();
    }

    /** Those that are to be made synchronous and aren't yet, in their order. */
    public List<GroupName> toSynchronise() {
        return steps.stream()
                .filter(step ->
                        step instanceof Step.Synchronise && !step.candidate().synchronous())
                .map(step -> step.candidate().group())
                .toList();
    }

    private static String text(Duration duration) {
        return "%.1f s".formatted(duration.toMillis() / 1_000.0);
    }
}
