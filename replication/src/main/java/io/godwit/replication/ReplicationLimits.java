package io.godwit.replication;

import io.godwit.core.ByteCount;
import io.godwit.volume.StoreLimits;
import java.time.Duration;

/**
 * The bounds of replication.
 *
 * @param heartbeat how often each side says that it is there
 * @param silence after so long without a word from the other side a session ends
 * @param seedMark how much of the disks is copied between two notes of how far seeding has come
 * @param store the limits of a replica's store
 */
public record ReplicationLimits(Duration heartbeat, Duration silence, ByteCount seedMark, StoreLimits store) {
    /** A replica that has no room says so soon: its source is waiting. */
    private static final Duration REPLICA_STALL = Duration.ofSeconds(2);

    public static final ReplicationLimits DEFAULT = new ReplicationLimits(
            Duration.ofMillis(500),
            Duration.ofSeconds(2),
            ByteCount.ofMiB(32),
            new StoreLimits(
                    StoreLimits.DEFAULT.maxLog(),
                    StoreLimits.DEFAULT.segment(),
                    StoreLimits.DEFAULT.applyBatch(),
                    StoreLimits.DEFAULT.applyDelay(),
                    REPLICA_STALL));

    public ReplicationLimits {
        if (!heartbeat.isPositive() || silence.compareTo(heartbeat) <= 0) {
            throw new IllegalArgumentException("times must be positive, and silence longer than a heartbeat");
        }
    }
}
