package io.godwit.migration.mechanism;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The mechanism for a group: the cheapest that keeps its objective, or, where none does, the one that keeps the RPO if any does, then the RTO, and misses
 * the rest by least.
 *
 * @param missed what the objective asks for and isn't reached, each in a sentence; empty if all of it is
 */
public record Advice(Mechanism mechanism, Mechanism.Achieved achieved, List<String> missed) {
    private static final Comparator<Candidate> BEST = Comparator.comparing(Candidate::missesRpo)
            .thenComparing(Candidate::missesRto)
            .thenComparing(Candidate::missesOverhead)
            .thenComparing(Candidate::farFromRpo)
            .thenComparing(Candidate::farFromRto)
            .thenComparingDouble(candidate -> candidate.achieved.overheadPercent())
            .thenComparing(candidate -> candidate.mechanism.sync())
            .thenComparing(candidate -> candidate.mechanism.memory());

    public Advice {
        missed = List.copyOf(missed);
    }

    private record Candidate(Mechanism mechanism, Mechanism.Achieved achieved, Objective objective) {
        boolean missesRpo() {
            return achieved.rpo().compareTo(objective.rpo()) > 0;
        }

        boolean missesRto() {
            return achieved.rto().compareTo(objective.rto()) > 0;
        }

        boolean missesOverhead() {
            return achieved.overheadPercent() > objective.overheadPercent();
        }

        Duration farFromRpo() {
            return missesRpo() ? achieved.rpo().minus(objective.rpo()) : Duration.ZERO;
        }

        Duration farFromRto() {
            return missesRto() ? achieved.rto().minus(objective.rto()) : Duration.ZERO;
        }

        List<String> missed() {
            List<String> missed = new ArrayList<>();
            if (missesRpo()) {
                missed.add("RPO: %.1f s where %.1f s are asked for"
                        .formatted(seconds(achieved.rpo()), seconds(objective.rpo())));
            }
            if (missesRto()) {
                missed.add("RTO: %.1f s where %.1f s are asked for"
                        .formatted(seconds(achieved.rto()), seconds(objective.rto())));
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
        Candidate best = Mechanism.all().stream()
                .map(mechanism -> new Candidate(mechanism, mechanism.achieved(facts), objective))
                .min(BEST)
                .orElseThrow();
        return new Advice(best.mechanism, best.achieved, best.missed());
    }
}
