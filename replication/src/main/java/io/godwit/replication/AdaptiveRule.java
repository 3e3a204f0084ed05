package io.godwit.replication;

import io.godwit.core.ByteCount;
import java.time.Duration;

/**
 * How {@link Mode#ADAPTIVE} keeps the oldest missing write younger than an objective at the least cost to the guest. A pure
 * function of what was measured:
 *
 * <pre>
 *   objective below what the way takes anyway     flushes wait for the replica: nothing cheaper can keep it
 *   age, now or as forecast, below half of it     nobody is held back
 *   above                                         writers are taken at a falling rate: twice what the replica takes at one
 *                                                 half, once at three quarters, a tenth at the objective
 * </pre>
 *
 * So a guest that writes less than the link carries never waits, and one that writes more settles at about three quarters of
 * the objective, evenly slowed rather than stopped and let go.
 */
record AdaptiveRule(Duration rpo) {
    /** Storing on both sides takes about so long besides the way. */
    private static final Duration STORING = Duration.ofMillis(20);
    /** Flushes stop waiting only when the objective is that many times what the way takes. */
    private static final double CLEARLY_MORE = 1.5;

    private static final double FREE_BELOW = 0.5;
    private static final double SLOPE = 4;
    private static final double LEAST = 0.1;

    /**
     * What was measured.
     *
     * @param deliveryRate log bytes a second that the replica takes
     * @param lag log bytes that it lacks
     * @param age of the oldest of them
     */
    record Measured(Duration roundTrip, long deliveryRate, ByteCount lag, Duration age) {
        /** How old the write that was made last will be when the replica has it. */
        double forecastSeconds() {
            return seconds(roundTrip) + (double) lag.bytes() / deliveryRate;
        }
    }

    /** @param bytesPerSecond what writers may write, or {@link Pacer#UNLIMITED} */
    record Decision(Waiting waiting, long bytesPerSecond) {}

    Decision decide(Measured measured, Waiting now) {
        double least = seconds(measured.roundTrip().plus(STORING));
        double enough = now == Waiting.NOTHING ? least : least * CLEARLY_MORE;
        if (seconds(rpo) < enough) {
            return new Decision(Waiting.FLUSHES, Pacer.UNLIMITED);
        }
        double used = Math.max(seconds(measured.age()), measured.forecastSeconds()) / seconds(rpo);
        if (used < FREE_BELOW) {
            return new Decision(Waiting.NOTHING, Pacer.UNLIMITED);
        }
        double part = Math.max(LEAST, SLOPE * (1 - used));
        return new Decision(Waiting.NOTHING, Math.max(1, (long) (part * measured.deliveryRate())));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
