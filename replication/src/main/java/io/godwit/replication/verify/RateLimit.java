package io.godwit.replication.verify;

import io.godwit.volume.DigestTree;
import java.time.Duration;

/** Lets a reader read at most so much a second, and not much more at once after it was idle. For one thread. */
final class RateLimit implements DigestTree.Pace {
    private static final double SECOND_NANOS = 1e9;
    private static final long BURST_NANOS = 50_000_000;
    private static final long SHORTEST_SLEEP_NANOS = 5_000_000;

    private final long bytesPerSecond;
    private long due = System.nanoTime();
    private long bytes;

    RateLimit(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Bytes read so far. */
    long bytes() {
        return bytes;
    }

    @Override
    public void beforeReading(int length) throws InterruptedException {
        bytes += length;
        long now = System.nanoTime();
        due = Math.max(due, now - BURST_NANOS) + (long) (length * SECOND_NANOS / bytesPerSecond);
        if (due - now > SHORTEST_SLEEP_NANOS) {
            Thread.sleep(Duration.ofNanos(due - now));
        }
    }
}
