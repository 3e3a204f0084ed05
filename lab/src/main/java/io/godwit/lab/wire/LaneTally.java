package io.godwit.lab.wire;

import java.util.concurrent.atomic.AtomicLong;

/** Counts for one lane: the lane's thread alone adds, anyone reads. */
final class LaneTally {
    private final AtomicLong deliveredFrames = new AtomicLong();
    private final AtomicLong deliveredBytes = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong cut = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    void delivered(int bytes) {
        add(deliveredFrames, 1);
        add(deliveredBytes, bytes);
    }

    void lost() {
        add(lost, 1);
    }

    void dropped() {
        add(dropped, 1);
    }

    void cut(long frames) {
        add(cut, frames);
    }

    void refused() {
        add(refused, 1);
    }

    LaneCounters read() {
        return new LaneCounters(
                deliveredFrames.get(), deliveredBytes.get(), lost.get(), dropped.get(), cut.get(), refused.get());
    }

    private static void add(AtomicLong counter, long count) {
        counter.setRelease(counter.getPlain() + count);
    }
}
