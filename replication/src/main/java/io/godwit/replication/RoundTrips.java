package io.godwit.replication;

import java.time.Duration;

/** The shortest of the last heartbeats' round trips: what the way takes when nothing else is in it. Thread-safe. */
final class RoundTrips {
    private static final int KEPT = 8;

    private final long[] nanos = new long[KEPT];
    private int count;

    /** Notes that the heartbeat stamped with this time has come back. */
    synchronized void returned(long stamp, long now) {
        if (stamp != 0 && now >= stamp) {
            nanos[count++ % KEPT] = now - stamp;
        }
    }

    /** Zero before the first. */
    synchronized Duration shortest() {
        long shortest = count == 0 ? 0 : Long.MAX_VALUE;
        for (int i = 0; i < Math.min(count, KEPT); i++) {
            shortest = Math.min(shortest, nanos[i]);
        }
        return Duration.ofNanos(shortest);
    }
}
