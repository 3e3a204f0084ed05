package io.godwit.quorum.sim;

import java.util.Comparator;
import java.util.PriorityQueue;

/** What is going to happen, in order of time; what falls on the same moment happens in the order in which it was planned. */
final class Schedule {
    private record Planned(long nanos, long turn, Runnable event) {}

    private final PriorityQueue<Planned> planned =
            new PriorityQueue<>(Comparator.comparingLong(Planned::nanos).thenComparingLong(Planned::turn));
    private long now;
    private long turns;

    /** Real time, which nobody in the world can read. */
    long now() {
        return now;
    }

    void in(long nanos, Runnable event) {
        planned.add(new Planned(now + Math.max(0, nanos), turns++, event));
    }

    /** Lets the next thing happen; false if nothing is left before {@code end}. */
    boolean step(long end) {
        Planned next = planned.peek();
        if (next == null || next.nanos > end) {
            now = end;
            return false;
        }
        planned.remove();
        now = next.nanos;
        next.event.run();
        return true;
    }
}
