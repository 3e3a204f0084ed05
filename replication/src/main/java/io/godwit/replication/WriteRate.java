package io.godwit.replication;

import io.godwit.core.Position;

/** How fast guests write, as a moving average of looks at the log's head. Thread-safe. */
final class WriteRate {
    private static final double WEIGHT = 0.3;
    private static final double SECOND_NANOS = 1e9;

    private long position = -1;
    private long nanos;
    private double perSecond;

    synchronized void head(Position head, long now) {
        if (position >= 0 && now > nanos) {
            double rate = (head.value() - position) / ((now - nanos) / SECOND_NANOS);
            perSecond += WEIGHT * (rate - perSecond);
        }
        position = head.value();
        nanos = now;
    }

    synchronized long perSecond() {
        return Math.round(perSecond);
    }
}
