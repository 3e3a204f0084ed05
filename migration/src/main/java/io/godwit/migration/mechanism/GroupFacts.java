package io.godwit.migration.mechanism;

import java.time.Duration;
import java.util.Optional;

/**
 * What is known of a group, at its owner.
 *
 * @param fencing from the loss of a site until the other one may act: lease and margin, or what a person takes
 * @param personIfLossy whether a person decides where acknowledged writes may be lacking: the group is taken over by itself only with a complete replica
 * @param boot of its machines, until they serve
 * @param roundTrip to the other site
 * @param lag how old the oldest acknowledged write was, at worst, that the replica did not have, while nobody waited for it; empty, or zero, if not known
 * @param memoryBytes of all machines
 * @param deliveryBytesPerSecond that the other site takes; 0 if not known
 * @param checkpoint what the last one cost, if any was taken
 */
public record GroupFacts(
        Duration fencing,
        boolean personIfLossy,
        Duration boot,
        Duration roundTrip,
        Optional<Duration> lag,
        long memoryBytes,
        long deliveryBytesPerSecond,
        Optional<CheckpointCost> checkpoint) {
    /** A machine's memory is read twice in a pause, at some 8 GB/s. */
    private static final double SCANNED_BYTES_PER_NANO = 8;

    /** Where nothing was measured. */
    private static final Duration USUAL_LAG = Duration.ofSeconds(1);

    private static final Duration LEAST_LAG = Duration.ofMillis(50);
    private static final Duration LEAST_PAUSE = Duration.ofMillis(20);

    /** In an interval a machine changes a small part of its memory. */
    private static final double CHANGED_PART = 0.03;

    /** What little was written may have been delivered slowly because it was little. */
    private static final long ASSUMED_BYTES_PER_SECOND = 10_000_000;

    /**
     * What a checkpoint costs.
     *
     * @param pause of the machines
     * @param took until the other site had it
     */
    public record CheckpointCost(Duration pause, Duration took) {}

    /** How far an asynchronous replica is behind: never nothing, whatever was measured in a group that wrote nothing. */
    Duration asyncLag() {
        Duration least = roundTrip.compareTo(LEAST_LAG) > 0 ? roundTrip : LEAST_LAG;
        return lag.filter(Duration::isPositive)
                .map(measured -> measured.compareTo(least) > 0 ? measured : least)
                .orElse(USUAL_LAG);
    }

    /** As measured, or, before the first, as memory and link let expect. */
    CheckpointCost cost() {
        return checkpoint.orElseGet(() -> {
            Duration pause = LEAST_PAUSE.plusNanos(Math.round(memoryBytes / SCANNED_BYTES_PER_NANO));
            long rate = Math.max(deliveryBytesPerSecond, ASSUMED_BYTES_PER_SECOND);
            long sendingMillis = Math.round(1000 * CHANGED_PART * memoryBytes / rate);
            return new CheckpointCost(pause, pause.plusMillis(sendingMillis).plus(roundTrip));
        });
    }
}
