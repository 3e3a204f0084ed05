package io.godwit.lab.chaos;

import io.godwit.lab.client.TcpCounts;
import java.util.Optional;

/**
 * Every write that was acknowledged to the client is there when it is looked for, and nothing that was never written.
 *
 * @param mayBeLost so many may be gone all the same
 */
record NothingAcknowledgedIsLost(TcpCounts counts, long mayBeLost, long unverifiedWrites) {
    Optional<String> broken() {
        return counts.lostWrites() <= mayBeLost && counts.wrongReads() == 0 && unverifiedWrites == 0
                ? Optional.empty()
                : Optional.of(
                        "%d acknowledged writes are lost, %d values were never written, %d could not be looked for"
                                .formatted(counts.lostWrites(), counts.wrongReads(), unverifiedWrites));
    }
}
