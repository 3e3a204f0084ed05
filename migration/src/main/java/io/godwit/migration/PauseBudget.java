package io.godwit.migration;

import java.util.List;

/**
 * When the coordinator itself quiesces the service (O3): as soon as the predicted pause is short enough, or when more
 * rounds would no longer make it shorter.
 *
 * @param wishedMillis quiesce at once when the prediction is at or below this
 * @param acceptedMillis when rounds no longer help, still quiesce if the prediction is at or below this
 * @param maxRounds after so many rounds the move is decided either way
 */
public record PauseBudget(long wishedMillis, long acceptedMillis, int maxRounds) {
    public static final PauseBudget DEFAULT = new PauseBudget(150, 2_000, 40);

    /** So many rounds must pass without a shorter prediction before rounds count as no longer helping. */
    private static final int PATIENCE = 3;

    public enum Verdict {
        COPY_ON,
        QUIESCE,
        GIVE_UP
    }

    public Verdict judge(List<RoundFacts> rounds) {
        long predicted = rounds.getLast().predictedPauseMillis();
        if (predicted <= wishedMillis) {
            return Verdict.QUIESCE;
        }
        boolean last = rounds.size() >= maxRounds;
        if (!last && stillHelps(rounds)) {
            return Verdict.COPY_ON;
        }
        if (predicted <= acceptedMillis) {
            return Verdict.QUIESCE;
        }
        return last ? Verdict.GIVE_UP : Verdict.COPY_ON;
    }

    private static boolean stillHelps(List<RoundFacts> rounds) {
        int before = rounds.size() - PATIENCE;
        if (before <= 0) {
            return true;
        }
        long best = rounds.subList(0, before).stream()
                .mapToLong(RoundFacts::predictedPauseMillis)
                .min()
                .orElse(Long.MAX_VALUE);
        return rounds.subList(before, rounds.size()).stream().anyMatch(round -> round.predictedPauseMillis() < best);
    }
}
