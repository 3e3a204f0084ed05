package io.godwit.migration.drain;

import io.godwit.core.ByteCount;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How long a live move is expected to take until the group runs at the other site, and what that is known from.
 *
 * @param because the facts in a sentence: what was measured, and what was only assumed
 */
public record MoveEstimate(Duration expected, Basis basis, String because) {
    /** What an estimate is known from, best first. */
    public enum Basis {
        /** The last move of the same group away from the site. */
        OWN_MOVE,
        /** Other groups' moves away from the site, in proportion to the memory. */
        OTHER_MOVES,
        /** Nothing has been moved from the site yet. */
        ASSUMED;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What the link is assumed to carry before anything was measured: 100 Mbit/s. */
    public static final long ASSUMED_BYTES_PER_SECOND = 12_500_000;

    /** What starting the machine at the other site and the last rounds are assumed to take before anything was measured. */
    static final Duration ASSUMED_PREPARATION = Duration.ofSeconds(5);

    private static final double SECOND_MILLIS = 1_000;

    /** The first copy of the disks goes on beside the first round over memory; that it takes the link as well is why they are added up. */
    public static MoveEstimate of(MoveFacts facts) {
        MoveEstimate memory = memory(facts);
        String disks = facts.firstCopy().isZero()
                ? ""
                : ", and %d s for the copy of its disks under way".formatted(seconds(facts.firstCopy()));
        return new MoveEstimate(
                memory.expected().plus(facts.pendingWrites()).plus(facts.firstCopy()),
                memory.basis(),
                memory.because() + disks);
    }

    private static MoveEstimate memory(MoveFacts facts) {
        if (facts.last().isPresent()) {
            MeasuredMove last = facts.last().get();
            return new MoveEstimate(
                    inProportion(facts.memory(), List.of(last)),
                    Basis.OWN_MOVE,
                    "its last move from here took %d s".formatted(seconds(last.took())));
        }
        if (!facts.others().isEmpty()) {
            return new MoveEstimate(
                    inProportion(facts.memory(), facts.others()),
                    Basis.OTHER_MOVES,
                    "it was not moved from here yet; %d other group%s took so long for as much memory"
                            .formatted(facts.others().size(), facts.others().size() == 1 ? "" : "s"));
        }
        return assumed(facts);
    }

    private static MoveEstimate assumed(MoveFacts facts) {
        long rate = Math.max(1, facts.bytesPerSecond().orElse(ASSUMED_BYTES_PER_SECOND));
        Duration copying = Duration.ofMillis((long) (facts.memory().bytes() * SECOND_MILLIS / rate));
        String link = facts.bytesPerSecond().isPresent()
                ? "the %s/s at which its disks or its log were seen to cross".formatted(new ByteCount(rate))
                : "100 Mbit/s, since too little was seen to cross";
        return new MoveEstimate(
                ASSUMED_PREPARATION.plus(copying),
                Basis.ASSUMED,
                "nothing was moved from here yet: assumed are %d s to prepare, and all of %s of memory at %s"
                        .formatted(ASSUMED_PREPARATION.toSeconds(), facts.memory(), link));
    }

    private static Duration inProportion(ByteCount memory, List<MeasuredMove> moves) {
        double bytes = moves.stream().mapToLong(move -> move.memory().bytes()).sum();
        double millis = moves.stream().mapToLong(move -> move.took().toMillis()).sum();
        return Duration.ofMillis((long) Math.ceil(memory.bytes() * millis / bytes));
    }

    private static long seconds(Duration duration) {
        return Math.round(duration.toMillis() / SECOND_MILLIS);
    }
}
