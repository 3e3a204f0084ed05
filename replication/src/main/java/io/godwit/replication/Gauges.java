package io.godwit.replication;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a replicator measures over all its sessions; each part is thread-safe.
 *
 * @param traffic bytes given to and taken from channels
 * @param leftOut bytes of content that did not cross because it was overwritten first
 */
record Gauges(
        SeedReport seed,
        SeedPace pace,
        RoundTrips roundTrips,
        LongAdder traffic,
        DeliveryRate delivery,
        LongAdder leftOut,
        AtomicReference<Compression> compression) {
    static Gauges zero() {
        return new Gauges(
                new SeedReport(),
                new SeedPace(),
                new RoundTrips(),
                new LongAdder(),
                new DeliveryRate(),
                new LongAdder(),
                new AtomicReference<>(Compression.NOTHING_YET));
    }
}
