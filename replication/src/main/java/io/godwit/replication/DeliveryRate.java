package io.godwit.replication;

import io.godwit.core.Position;
import java.time.Duration;

/**
 * How fast the replica takes the log, from its acknowledgements. Only time in which something was on its way all along
 * counts: an idle link says nothing about what it could carry. Thread-safe.
 */
final class DeliveryRate {
    /** What is assumed before anything was measured: 100 Mbit/s. */
    static final long ASSUMED = 12_500_000;

    private static final long MEASURE_NANOS = 100_000_000;
    private static final double SECOND_NANOS = 1e9;
    /** What is on its way for so long beyond a round trip stands in a queue. */
    private static final Duration QUEUE = Duration.ofMillis(200);

    private long position = -1;
    private long nanos;
    private boolean busy;
    private long busyBytes;
    private long busyNanos;
    private long perSecond;

    /** Notes that the replica has everything before {@code durable}, and whether more is on its way to it. */
    synchronized void acknowledged(Position durable, boolean more, long now) {
        if (position >= 0 && busy && durable.value() > position) {
            busyBytes += durable.value() - position;
            busyNanos += now - nanos;
        }
        if (busyNanos >= MEASURE_NANOS) {
            long measured = (long) (busyBytes / (busyNanos / SECOND_NANOS));
            perSecond = perSecond == 0 ? measured : (perSecond + measured) / 2;
            busyBytes = 0;
            busyNanos = 0;
        }
        if (durable.value() > position || !busy) {
            position = durable.value();
            nanos = now;
        }
        busy = more;
    }

    /** Something more is on its way. */
    synchronized void sent(long now) {
        if (!busy) {
            busy = true;
            nanos = now;
        }
    }

    /** A new session begins. */
    synchronized void reset() {
        position = -1;
        busy = false;
        busyBytes = 0;
        busyNanos = 0;
    }

    /** Whether what was sent up to {@code shipped} waits for the link, in whichever buffer, and not only for its answer. */
    synchronized boolean queues(Position shipped, Duration roundTrip) {
        double seconds = (shipped.value() - position) / (double) perSecond();
        return position >= 0 && seconds * SECOND_NANOS > roundTrip.plus(QUEUE).toNanos();
    }

    /** Log bytes a second; zero before the first measurement. */
    synchronized long measured() {
        return perSecond;
    }

    long perSecond() {
        long known = measured();
        return known == 0 ? ASSUMED : known;
    }
}
