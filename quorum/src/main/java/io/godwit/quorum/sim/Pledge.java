package io.godwit.quorum.sim;

import java.util.Optional;

/**
 * What a group's replication mode promises.
 *
 * @param waits whether an acknowledgement waits for the replicas, as in {@code sync}; else only for the owner's own disk, as in {@code async}
 * @param degradesAfterNanos for how long a replica that doesn't follow is waited for; empty if for as long as it takes
 */
record Pledge(boolean waits, Optional<Long> degradesAfterNanos) {
    /** Whether nobody waits any more for a replica that has not followed for so long. */
    boolean releases(long absentNanos) {
        return !waits || degradesAfterNanos.filter(most -> absentNanos >= most).isPresent();
    }
}
