package io.godwit.volume;

import io.godwit.core.ByteCount;
import java.time.Duration;

/**
 * How much a store may hold and how long it may wait.
 *
 * @param maxLog bytes of log segments on disk; a follower that would need more is dropped
 * @param segment bytes of one segment file
 * @param applyBatch log bytes that are applied to the base images at once, at most
 * @param applyDelay how long guests have to pause before what they wrote is applied, unless much is waiting
 * @param maxStall how long a write waits for log space before it fails
 */
public record StoreLimits(
        ByteCount maxLog, ByteCount segment, ByteCount applyBatch, Duration applyDelay, Duration maxStall) {
    /** Segments are at least so large, so that the largest record fits several times. */
    public static final ByteCount MIN_SEGMENT = ByteCount.ofMiB(4);

    /** A small part, so that in the long run the same few segments are written again and again. */
    private static final int BACKLOG_PART = 64;

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

    /** Log bytes that may wait for guests to pause before they are applied; more are applied at once. */
    ByteCount mostBacklog() {
        return new ByteCount(Math.max(maxLog.bytes() / BACKLOG_PART, applyBatch.bytes() / 2));
    }

    /**
     * Pieces that the index over the images may have before writers wait for the applier: as many as there are blocks of
     * 4 KiB in the log. Only records that are smaller, such as trims of single blocks, ever reach it.
     */
    int mostPieces() {
        return (int) Math.min(maxLog.bytes() / DiskSpec.SIZE_UNIT_BYTES, Integer.MAX_VALUE);
    }
}
