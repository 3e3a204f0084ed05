package io.godwit.bench.replication;

import java.time.Duration;

/** What a link is like: how long a byte takes there and back, and how many go one way in a second. */
record LinkShape(Duration roundTrip, int megabitsPerSecond) {
    private static final long BYTES_OF_MEGABIT = 125_000;

    long bytesPerSecond() {
        return megabitsPerSecond * BYTES_OF_MEGABIT;
    }

    Duration oneWay() {
        return roundTrip.dividedBy(2);
    }
}
