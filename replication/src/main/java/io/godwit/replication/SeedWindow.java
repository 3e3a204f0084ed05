package io.godwit.replication;

import java.time.Duration;
import java.util.Optional;

/**
 * How much of the bulk copy may be on its way at once. As much as the way carries in a round trip and a short queue:
 * more would only let live records wait behind it. The rate is measured from the replica's acknowledgements; from a
 * small beginning the window grows as long as it is the window that limits the rate. Thread-safe.
 */
final class SeedWindow {
    static final long MIN_BYTES = 512 << 10;
    static final long MAX_BYTES = 32 << 20;
    /** The queue that is allowed to form, in time. */
    private static final long QUEUE_NANOS = 150_000_000;

    private static final long MEASURE_NANOS = 100_000_000;
    private static final long SECOND_NANOS = 1_000_000_000;

    private final RoundTrips roundTrips;
    private Optional<Duration> emptyWay = Optional.empty();
    private long sent;
    private long acknowledged;
    private long measuredBytes;
    private long measuredNanos;
    private long bytesPerSecond;

    SeedWindow(RoundTrips roundTrips, long nowNanos) {
        this.roundTrips = roundTrips;
        this.measuredNanos = nowNanos;
    }

    synchronized boolean open() {
        return sent - acknowledged < size();
    }

    synchronized void sent(long bytes) {
        sent += bytes;
    }

    /** Notes that the replica has worked off so many bytes since the session began. */
    synchronized void acknowledged(long total, long nowNanos) {
        acknowledged = Math.clamp(total, acknowledged, sent);
        long elapsed = nowNanos - measuredNanos;
        if (elapsed >= MEASURE_NANOS) {
            bytesPerSecond = (acknowledged - measuredBytes) * SECOND_NANOS / elapsed;
            measuredBytes = acknowledged;
            measuredNanos = nowNanos;
        }
    }

    /** The window now, in bytes. */
    synchronized long size() {
        double seconds = (double) (emptyWay().toNanos() + QUEUE_NANOS) / SECOND_NANOS;
        return Math.clamp((long) (bytesPerSecond * seconds), MIN_BYTES, MAX_BYTES);
    }

    /** The shortest round trip of the session: later ones contain the queue that this window makes. */
    private Duration emptyWay() {
        Duration lately = roundTrips.shortest();
        if (lately.isPositive()
                && emptyWay.filter(known -> known.compareTo(lately) <= 0).isEmpty()) {
            emptyWay = Optional.of(lately);
        }
        return emptyWay.orElse(Duration.ZERO);
    }
}
