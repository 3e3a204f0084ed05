package io.godwit.quorum.sim;

/** A host's clock: it may run too fast or too slow, and jump. */
final class Clock {
    private final double rate;
    private long offset;

    /** @param rate what it counts in a real second */
    Clock(double rate, long offset) {
        this.rate = rate;
        this.offset = offset;
    }

    long read(long realNanos) {
        return offset + (long) (realNanos * rate);
    }

    /** How much real time passes until it shows that; negative if it has. */
    long realUntil(long shown, long realNow) {
        return (long) ((shown - read(realNow)) / rate);
    }

    void jump(long nanos) {
        offset += nanos;
    }
}
