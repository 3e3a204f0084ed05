package io.godwit.migration.mechanism;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The mechanism for a group: the cheapest that keeps its objective, or, where none does, the one that keeps the RPO if any does, then the RTO, and misses
 * the rest by least.
 *
 * @param missed what the objective asks for and isn't reached, each in a sentence; empty if all of it is
 */
public record Advice(Mechanism mechanism, Mechanism.Achieved achieved, List<String> missed) {
    /** Longer than any boot. */
    private static final Duration UNKNOWN = Duration.ofDays(365);

    private static final Comparator<Candidate> MISSES = Comparator.comparing(Candidate::missesRpo)
            .thenComparing(Candidate::missesRto)
            .thenComparing(Candidate::missesOverhead);

    private static final Comparator<Candidate> BEST = MISSES.thenComparing(Candidate::farFromRpo)
            .thenComparing(Candidate::farFromRto)
            .thenComparingDouble(candidate -> candidate.achieved.overheadPercent())
            .thenComparing(candidate -> candidate.mechanism.sync())
            .thenComparing(candidate -> candidate.mechanism.memory());

    public Advice {
        missed = List.copyOf(missed);
    }

    /** @param person whether nothing is taken over before a person decides, which nobody knows the time of, though another mechanism does without */
    private record Candidate(Mechanism mechanism, Mechanism.Achieved achieved, Objective objective, boolean person) {
        static Candidate of(Mechanism mechanism, Objective objective, GroupFacts facts) {
            return new Candidate(
                    mechanism, mechanism.achieved(facts), objective, facts.personIfLossy() && !mechanism.sync());
        }

        Advice advice() {
            return new Advice(mechanism, achieved, missed());
        }

        boolean missesRpo() {
            return achieved.rpo().compareTo(objective.rpo()) > 0;
        }

        boolean missesRto() {
            return person || achieved.rto().compareTo(objective.rto()) > 0;
        }

        boolean missesOverhead() {
            return achieved.overheadPercent() > objective.overheadPercent();
        }

        Duration farFromRpo() {
            return missesRpo() ? achieved.rpo().minus(objective.rpo()) : Duration.ZERO;
        }

        Duration farFromRto() {
            if (person) {
                return UNKNOWN;
            }
            return missesRto() ? achieved.rto().minus(objective.rto()) : Duration.ZERO;
        }

        List<String> missed() {
            List<String> missed = new ArrayList<>();
            if (missesRpo()) {
                missed.add("RPO: %.1f s where %.1f s are asked for"
                        .formatted(seconds(achieved.rpo()), seconds(objective.rpo())));
            }
            if (missesRto()) {
                missed.add("RTO: %.1f s%s where %.1f s are asked for"
                        .formatted(
                                seconds(achieved.rto()),
                                person ? " after a person has decided" : "",
                                seconds(objective.rto())));
            }
            if (missesOverhead()) {
                missed.add(String.format(
                        Locale.ROOT,
                        "overhead: %.1f %% where %.1f %% are asked for",
                        achieved.overheadPercent(),
                        objective.overheadPercent()));
            }
            return missed;
        }

        private static double seconds(Duration time) {
            return time.toMillis() / 1000.0;
        }
    }

    public static Advice of(Objective objective, GroupFacts facts) {
        return best(Mechanism.all(), objective, facts).advice();
    }

    /** What a mechanism achieves, and misses. */
    public static Advice on(Mechanism mechanism, Objective objective, GroupFacts facts) {
        return Candidate.of(mechanism, objective, facts).advice();
    }

    /**
     * What is to take the place of a mechanism that doesn't do any more, if anything: another one that misses less, or as little for less than half of the
     * overhead. What is only a little better doesn't count, so that measurements which go up and down leave the mechanism as it is; and where flushes
     * wait they go on to, since how far behind the replica would be otherwise isn't known then.
     */
    public static Optional<Advice> instead(Mechanism present, Objective objective, GroupFacts facts) {
        Candidate now = Candidate.of(present, objective, facts);
        List<Mechanism> others = Mechanism.all().stream()
                .filter(other -> other.sync() || !present.sync())
                .toList();
        Candidate best = best(others, objective, facts);
        boolean better = MISSES.compare(best, now) < 0;
        boolean cheaper = MISSES.compare(best, now) == 0
                && best.mechanism.sync() == present.sync()
                && 2 * best.achieved.overheadPercent() < now.achieved.overheadPercent();
        return better || cheaper ? Optional.of(best.advice()) : Optional.empty();
    }

    private static Candidate best(List<Mechanism> mechanisms, Objective objective, GroupFacts facts) {
        return mechanisms.stream()
                .map(mechanism -> Candidate.of(mechanism, objective, facts))
                .min(BEST)
                .orElseThrow();
    }
}
