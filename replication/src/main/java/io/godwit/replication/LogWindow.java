package io.godwit.replication;

import io.godwit.core.Position;
import java.util.OptionalLong;

/**
 * How much of the log may be on its way at once where something may have to overtake it: as much as is acknowledged in the time that an
 * acknowledgement takes at the least, and in a short queue's. It grows as long as it is the window that limits the rate. Thread-safe.
 */
final class LogWindow {
    static final long MIN_BYTES = 256 << 10;
    static final long MAX_BYTES = 32 << 20;
    /** The queue that is allowed to form, in time. */
    private static final long QUEUE_NANOS = 30_000_000;

    private static final double SECOND_NANOS = 1e9;

    private final DeliveryRate rate;
    private long sampled = -1;
    private long sampledAt;
    private OptionalLong shortest = OptionalLong.empty();

    LogWindow(DeliveryRate rate) {
        this.rate = rate;
    }

    boolean open(Position shipped, Position durable) {
        return shipped.since(durable).bytes() < size();
    }

    /** The window now, in bytes. */
    synchronized long size() {
        double seconds = (shortest.orElse(QUEUE_NANOS) + QUEUE_NANOS) / SECOND_NANOS;
        return Math.clamp((long) (rate.perSecond() * seconds), MIN_BYTES, MAX_BYTES);
    }

    synchronized void sent(Position to, long now) {
        if (sampled < 0) {
            sampled = to.value();
            sampledAt = now;
        }
    }

    /** The shortest of the session counts: later ones contain the queue that this window makes. */
    synchronized void acknowledged(Position durable, long now) {
        if (sampled >= 0 && durable.value() >= sampled) {
            long took = now - sampledAt;
            shortest = OptionalLong.of(Math.min(took, shortest.orElse(took)));
            sampled = -1;
        }
    }
}
