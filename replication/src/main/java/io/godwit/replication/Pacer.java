package io.godwit.replication;

/** Spreads writers out so that they are taken at a given rate; a short burst passes. Thread-safe. */
final class Pacer {
    static final long UNLIMITED = Long.MAX_VALUE;

    private static final long BURST_NANOS = 20_000_000;
    /** Nobody waits longer for one write: the rate may have been raised meanwhile. */
    private static final long MAX_WAIT_NANOS = 250_000_000;

    private static final double SECOND_NANOS = 1e9;

    private long perSecond = UNLIMITED;
    private long next;

    synchronized void rate(long bytesPerSecond) {
        perSecond = bytesPerSecond;
    }

    /** How long a write of so many bytes has to wait, in nanoseconds. */
    synchronized long reserve(long bytes, long now) {
        if (perSecond == UNLIMITED) {
            next = now;
            return 0;
        }
        long begin = Math.clamp(next, now - BURST_NANOS, now + MAX_WAIT_NANOS);
        next = begin + (long) (bytes / (double) perSecond * SECOND_NANOS);
        return Math.max(0, begin - now);
    }
}
