package io.godwit.volume;

import io.godwit.core.ByteCount;
import java.time.Duration;

/**
 * How much a store may hold and how long it may wait.
 *
 * @param maxLog bytes of log segments on disk; a follower that would need more is dropped
 * @param segment bytes of one segment file
 * @param applyBatch log bytes that are applied to the base images at once, at most
 * @param applyDelay how long records wait for others to be applied together with them
 * @param maxStall how long a write waits for log space before it fails
 */
public record StoreLimits(
        ByteCount maxLog, ByteCount segment, ByteCount applyBatch, Duration applyDelay, Duration maxStall) {
    /** Segments are at least so large, so that the largest record fits several times. */
    public static final ByteCount MIN_SEGMENT = ByteCount.ofMiB(4);

    public static final ByteCount MAX_SEGMENT = ByteCount.ofMiB(1024);

    public static final StoreLimits DEFAULT = new StoreLimits(
            ByteCount.ofMiB(4096),
            ByteCount.ofMiB(64),
            ByteCount.ofMiB(32),
            Duration.ofMillis(500),
            Duration.ofSeconds(20));

    public StoreLimits {
        if (segment.compareTo(MIN_SEGMENT) < 0 || segment.compareTo(MAX_SEGMENT) > 0) {
            throw new IllegalArgumentException("a segment has %s to %s".formatted(MIN_SEGMENT, MAX_SEGMENT));
        }
        if (maxLog.bytes() / 3 < segment.bytes()) {
            throw new IllegalArgumentException("the log needs room for three segments");
        }
        if (applyBatch.bytes() < LogRecord.MAX_BYTES || applyBatch.bytes() > MAX_SEGMENT.bytes()) {
            throw new IllegalArgumentException(
                    "a batch has %d bytes to %s".formatted(LogRecord.MAX_BYTES, MAX_SEGMENT));
        }
        if (applyDelay.isNegative() || maxStall.isNegative()) {
            throw new IllegalArgumentException("a duration cannot be negative");
        }
    }
}
