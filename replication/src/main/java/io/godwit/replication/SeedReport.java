package io.godwit.replication;

import java.util.OptionalLong;

/** How far the present copy is, or how far the last one came, for whoever asks. Thread-safe. */
final class SeedReport {
    private static final long MEASURE_NANOS = 1_000_000_000;
    private static final double WEIGHT = 0.3;
    private static final double SECOND_NANOS = 1e9;

    private Scope scope = Scope.COPY;
    private long done;
    private long total;
    private long sent;
    private long measuredDone;
    private long measuredNanos;
    private double perSecond;

    synchronized void begin(Scope kind, long doneBytes, long totalBytes) {
        scope = kind;
        done = doneBytes;
        total = Math.max(doneBytes, totalBytes);
        sent = 0;
        measuredDone = doneBytes;
        measuredNanos = System.nanoTime();
        perSecond = 0;
    }

    synchronized void reached(long doneBytes) {
        done = doneBytes;
        total = Math.max(total, doneBytes);
        long now = System.nanoTime();
        if (now - measuredNanos >= MEASURE_NANOS) {
            double rate = (done - measuredDone) / ((now - measuredNanos) / SECOND_NANOS);
            perSecond = perSecond == 0 ? rate : perSecond + WEIGHT * (rate - perSecond);
            measuredDone = done;
            measuredNanos = now;
        }
    }

    /** Content that really had to cross. */
    synchronized void sent(long bytes) {
        sent += bytes;
    }

    synchronized SeedStatus status(SeedPace pace) {
        OptionalLong left =
                perSecond > 0 ? OptionalLong.of(Math.round((total - done) / perSecond * 1000)) : OptionalLong.empty();
        OptionalLong limit =
                pace.perSecond() == SeedPace.UNLIMITED ? OptionalLong.empty() : OptionalLong.of(pace.perSecond());
        return new SeedStatus(
                scope != Scope.COPY, done, total, sent, Math.round(perSecond), left, limit, pace.isPaused());
    }
}
