package io.godwit.replication;

import io.godwit.core.Position;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Remembers when the log was how long, to say how old the oldest write is that a replica lacks. Samples are some
 * milliseconds apart; when there are too many every second one is dropped and they are taken half as often, so an age is
 * known to about a thousandth of the oldest. Not thread-safe.
 */
final class LagClock {
    private static final long MIN_STEP_NANOS = 5_000_000;
    private static final int MAX_SAMPLES = 4096;

    private record Sample(long position, long nanos) {}

    private final ArrayDeque<Sample> samples = new ArrayDeque<>();
    private long stepNanos = MIN_STEP_NANOS;

    /** Notes that the log ends at {@code head} now. */
    void note(Position head, long nanos) {
        Sample last = samples.peekLast();
        if (last != null && (head.value() <= last.position || nanos - last.nanos < stepNanos)) {
            return;
        }
        if (samples.size() == MAX_SAMPLES) {
            thinOut();
        }
        samples.addLast(new Sample(head.value(), nanos));
    }

    /** Age in nanoseconds of the oldest write behind {@code durable}; 0 if the log ends there. */
    long age(Position durable, Position head, long nanos) {
        while (!samples.isEmpty() && samples.getFirst().position <= durable.value()) {
            samples.removeFirst();
        }
        if (samples.isEmpty()) {
            stepNanos = MIN_STEP_NANOS;
        }
        if (head.value() <= durable.value() || samples.isEmpty()) {
            return 0;
        }
        return Math.max(0, nanos - samples.getFirst().nanos);
    }

    private void thinOut() {
        stepNanos *= 2;
        boolean keep = true;
        for (Iterator<Sample> each = samples.iterator(); each.hasNext(); ) {
            each.next();
            keep = !keep;
            if (keep) {
                each.remove();
            }
        }
    }
}
