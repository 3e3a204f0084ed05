package io.godwit.site.move;

/** Bytes a second over the last moments, from totals that are shown to it now and then. */
final class RateMeter {
    private static final long WINDOW_NANOS = 500_000_000L;

    private long lastTotal;
    private long lastNanos;
    private long perSecond;
    private boolean begun;

    synchronized long perSecond(long total, long nanos) {
        if (!begun) {
            begun = true;
            lastTotal = total;
            lastNanos = nanos;
        } else if (nanos - lastNanos >= WINDOW_NANOS) {
            perSecond = Math.max(0, (long) ((total - lastTotal) * 1e9 / (nanos - lastNanos)));
            lastTotal = total;
            lastNanos = nanos;
        }
        return perSecond;
    }
}
