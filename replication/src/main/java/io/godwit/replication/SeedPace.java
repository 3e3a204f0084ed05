package io.godwit.replication;

/** How fast disks may be copied, and whether at all; may be changed at any time. Records of the log are not held back by it. Thread-safe. */
final class SeedPace {
    static final long UNLIMITED = Long.MAX_VALUE;

    private static final long BURST_NANOS = 100_000_000;
    private static final double SECOND_NANOS = 1e9;

    private long perSecond = UNLIMITED;
    private boolean paused;
    private long next = System.nanoTime();

    synchronized void become(long bytesPerSecond, boolean pause) {
        perSecond = bytesPerSecond;
        paused = pause;
        next = System.nanoTime();
    }

    synchronized boolean isPaused() {
        return paused;
    }

    synchronized long perSecond() {
        return perSecond;
    }

    /** Whether something may be sent now. */
    synchronized boolean open(long now) {
        return !paused && (perSecond == UNLIMITED || now - next >= 0);
    }

    synchronized void sent(long bytes, long now) {
        if (perSecond != UNLIMITED) {
            long earliest = now - BURST_NANOS;
            next = (next - earliest > 0 ? next : earliest) + (long) (bytes / (double) perSecond * SECOND_NANOS);
        }
    }
}
