package io.godwit.lab.wire;

import java.util.SplittableRandom;

/**
 * Decides what becomes of each frame that enters one direction of a link: arithmetic only, time is an argument.
 *
 * <pre>
 *   arrival --> queue (bounded in bytes) --> transmitter (rate) --> wire (delay, loss) --> delivery
 * </pre>
 *
 * The queue needs no list: what waits in it is the time until the transmitter gets free, times the rate. Frames are
 * never reordered, also when the shape changes while some are under way. All times are nanoseconds of one clock.
 */
final class LinkModel {
    /** The frame found the queue full. */
    static final long QUEUE_FULL = Long.MIN_VALUE;

    /** The frame was sent and lost on the way. */
    static final long LOST = Long.MIN_VALUE + 1;

    private static final double NANOS_PER_SECOND = 1e9;

    private final SplittableRandom random;
    private LinkShape shape;
    private long transmitterFree;
    private long latestDelivery;

    LinkModel(LinkShape shape, long seed, long now) {
        this.shape = shape;
        this.random = new SplittableRandom(seed);
        this.transmitterFree = now;
        this.latestDelivery = now;
    }

    /** Counts for frames that arrive from now on. */
    void reshape(LinkShape changed) {
        shape = changed;
    }

    /** When the frame arriving now is to be delivered, or {@link #QUEUE_FULL} or {@link #LOST}. */
    long admit(long now, int bytes) {
        long start = Math.max(now, transmitterFree);
        long waiting = backlogBytes(now);
        if (waiting > 0 && waiting + bytes > shape.queue().bytes()) {
            return QUEUE_FULL;
        }
        transmitterFree = start + shape.rate().nanosFor(bytes);
        if (shape.lossPercent() > 0 && random.nextDouble() * 100 < shape.lossPercent()) {
            return LOST;
        }
        latestDelivery =
                Math.max(latestDelivery, transmitterFree + shape.delay().toNanos());
        return latestDelivery;
    }

    /** Bytes that wait for the transmitter. */
    long backlogBytes(long now) {
        return (long) (Math.max(0, transmitterFree - now) * (shape.rate().bitsPerSecond() / 8.0 / NANOS_PER_SECOND));
    }

    /** Forgets everything under way, as a cut does. */
    void cut(long now) {
        transmitterFree = now;
        latestDelivery = now;
    }
}
