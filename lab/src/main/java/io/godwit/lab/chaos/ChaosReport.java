package io.godwit.lab.chaos;

import io.godwit.lab.client.ClientReport;
import io.godwit.lab.client.Gap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a chaos run found, as {@code --json} prints it; {@code docs/chaos.md} explains every key.
 *
 * @param takeovers all rounds together in which another site took over; absent if there was none
 * @param broken what was not as it should be, in sentences: empty after a run that succeeded
 * @param unverifiedWrites acknowledged writes that could not be looked for in the end
 */
record ChaosReport(
        int schema,
        long seed,
        List<Round> rounds,
        Optional<Takeovers> takeovers,
        List<String> broken,
        ClientReport client,
        List<Gap> gaps,
        long unverifiedWrites) {
    static final int SCHEMA = 1;

    /**
     * One fault and what came of it.
     *
     * @param further a second fault, made while the first one lasted; absent if there was none
     * @param lastedMillis from the fault until it was taken back
     * @param wellMillis from then until all was well again; absent if that never was
     * @param gapMillis the longest time for which the client had no answer
     * @param leaderlessMillis for how long nobody led the voters
     * @param detectionMillis from the fault until another site had the group; absent if none had
     * @param servedMillis from the fault until another site had acknowledged a write (RTO); absent if none had
     * @param lostWrites acknowledged writes that were gone (RPO)
     * @param found what the sites said that they found
     * @param broken what was not as expected
     */
    record Round(
            int round,
            String fault,
            Optional<Further> further,
            String expected,
            String ownerBefore,
            String ownerAfter,
            long term,
            long lastedMillis,
            Optional<Long> wellMillis,
            long gapMillis,
            long leaderlessMillis,
            Optional<Long> detectionMillis,
            Optional<Long> servedMillis,
            long lostWrites,
            List<String> found,
            Optional<String> broken) {}

    /**
     * A second fault.
     *
     * @param fault seen from the site that takes over, which is the owner to it
     * @param afterMillis the first one it struck
     */
    record Further(String fault, long afterMillis) {}

    /** What rounds in which another site took over have in common. */
    record Takeovers(int count, Spread detectionMillis, Spread servedMillis, long lostWrites) {
        static Optional<Takeovers> of(List<Round> rounds) {
            List<Round> served = rounds.stream()
                    .filter(round -> round.servedMillis().isPresent())
                    .toList();
            return served.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Takeovers(
                            served.size(),
                            Spread.of(served.stream().flatMap(round -> round.detectionMillis().stream())),
                            Spread.of(served.stream().flatMap(round -> round.servedMillis().stream())),
                            served.stream().mapToLong(Round::lostWrites).sum()));
        }
    }

    /** Of several times the shortest, the one in the middle, and the longest. */
    record Spread(long least, long median, long most) {
        private static Spread of(Stream<Long> times) {
            List<Long> sorted = times.sorted().toList();
            return new Spread(sorted.getFirst(), sorted.get(sorted.size() / 2), sorted.getLast());
        }
    }

    boolean succeeded() {
        return broken.isEmpty();
    }
}
