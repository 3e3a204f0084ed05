package io.godwit.replication;

import java.util.concurrent.atomic.LongAdder;

/** What a replicator measures over all its sessions; each part is thread-safe. */
record Gauges(SeedReport seed, SeedPace pace, RoundTrips roundTrips, LongAdder traffic, DeliveryRate delivery) {
    static Gauges zero() {
        return new Gauges(new SeedReport(), new SeedPace(), new RoundTrips(), new LongAdder(), new DeliveryRate());
    }
}
