package io.godwit.volume;

import io.godwit.core.ByteCount;
import java.time.Duration;

/**
 * How much of the past a store keeps open: its base images stay behind the log so far that every position within the
 * window can be opened ({@link StoreHistory#open}). What is over either bound is applied.
 *
 * @param bytes log bytes, at most; zero for no history
 * @param age how long after a record came here it may still wait, at most; counted anew from a restart on
 */
public record HistoryWindow(ByteCount bytes, Duration age) {
    /** The images follow the log as closely as they can. */
    public static final HistoryWindow NONE = new HistoryWindow(ByteCount.ofMiB(0), Duration.ZERO);

    /** A day of a quiet group, on a small disk. */
    public static final HistoryWindow DEFAULT = new HistoryWindow(ByteCount.ofMiB(1024), Duration.ofHours(24));

    public HistoryWindow {
        if (age.isNegative()) {
            throw new IllegalArgumentException("a duration cannot be negative");
        }
    }

    boolean isNone() {
        return bytes.bytes() == 0 || age.isZero();
    }
}
