package io.godwit.lab.chaos;

import io.godwit.lab.client.ClientReport;
import io.godwit.lab.client.Gap;
import java.util.List;
import java.util.Optional;

/**
 * What a chaos run found, as {@code --json} prints it; {@code docs/chaos.md} explains every key.
 *
 * @param broken what was not as it should be, in sentences: empty after a run that succeeded
 * @param unverifiedWrites acknowledged writes that could not be looked for in the end
 */
record ChaosReport(
        int schema,
        long seed,
        List<Round> rounds,
        List<String> broken,
        ClientReport client,
        List<Gap> gaps,
        long unverifiedWrites) {
    static final int SCHEMA = 1;

    /**
     * One fault and what came of it.
     *
     * @param lastedMillis from the fault until it was taken back
     * @param wellMillis from then until all was well again; absent if that never was
     * @param gapMillis the longest time for which the client had no answer
     * @param leaderlessMillis for how long nobody led the voters
     * @param found what the sites said that they found
     * @param broken what was not as expected
     */
    record Round(
            int round,
            String fault,
            String expected,
            String ownerBefore,
            String ownerAfter,
            long term,
            long lastedMillis,
            Optional<Long> wellMillis,
            long gapMillis,
            long leaderlessMillis,
            List<String> found,
            Optional<String> broken) {}

    boolean succeeded() {
        return broken.isEmpty();
    }
}
