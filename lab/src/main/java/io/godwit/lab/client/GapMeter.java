package io.godwit.lab.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Measures the times between consecutive events and keeps the longest of them. Times are those of System.nanoTime. */
final class GapMeter {
    private static final int KEPT_GAPS = 32;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final Comparator<Gap> LONGEST_FIRST =
            Comparator.comparingDouble(Gap::millis).reversed();

    private final long epochMillisAtZero;
    private final List<Gap> longest = new ArrayList<>();
    private boolean begun;
    private long last;

    /** A meter for a clock whose present reading is {@code nanos} at the wall clock's {@code epochMillis}. */
    GapMeter(long nanos, long epochMillis) {
        this.epochMillisAtZero = epochMillis - nanos / 1_000_000;
    }

    static GapMeter started() {
        return new GapMeter(System.nanoTime(), System.currentTimeMillis());
    }

    /** Something came back. The first event ends no gap. */
    synchronized void event(long nanos) {
        if (begun) {
            keep(new Gap(epochMillisAtZero + last / 1_000_000, (nanos - last) / NANOS_PER_MILLI));
        }
        begun = true;
        last = nanos;
    }

    private void keep(Gap gap) {
        if (longest.size() == KEPT_GAPS && gap.millis() <= longest.getLast().millis()) {
            return;
        }
        longest.add(gap);
        longest.sort(LONGEST_FIRST);
        if (longest.size() > KEPT_GAPS) {
            longest.removeLast();
        }
    }

    /** How long nothing has come back now, in milliseconds; 0 before the first event. */
    synchronized double current(long nanos) {
        return begun ? Math.max(0, (nanos - last) / NANOS_PER_MILLI) : 0;
    }

    /** The longest gap that has ended, in milliseconds; 0 when there was none. */
    synchronized double longestMillis() {
        return longest.isEmpty() ? 0 : longest.getFirst().millis();
    }

    /** The longest gaps, the longest first. */
    synchronized List<Gap> longest() {
        return List.copyOf(longest);
    }
}
