package io.godwit.api;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.util.Optional;

/**
 * How much of a group's past its sites keep open.
 *
 * @param maxBytes of the log; zero for none
 * @param maxSeconds how long ago
 */
public record HistoryBounds(ByteCount maxBytes, long maxSeconds) {
    private static final ByteCount LEAST_BYTES = ByteCount.ofMiB(8);
    private static final ByteCount MOST_BYTES = ByteCount.ofMiB(3 << 10);
    private static final long MOST_SECONDS = 30L * 24 * 3600;

    public static final HistoryBounds DEFAULT = new HistoryBounds(ByteCount.ofMiB(256), 24L * 3600);

    public HistoryBounds {
        if (maxBytes.bytes() != 0 && (maxBytes.compareTo(LEAST_BYTES) < 0 || maxBytes.compareTo(MOST_BYTES) > 0)) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "a history of %s is not possible: %s to %s, or 0 for none"
                            .formatted(maxBytes, LEAST_BYTES, MOST_BYTES));
        }
        if (maxSeconds < 0 || maxSeconds > MOST_SECONDS) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "a history of %d seconds is not possible: 0 for none, at most %d"
                            .formatted(maxSeconds, MOST_SECONDS));
        }
    }

    /** What is left out stays as it is. */
    public HistoryBounds with(Optional<ByteCount> bytes, Optional<Long> seconds) {
        return new HistoryBounds(bytes.orElse(maxBytes), seconds.orElse(maxSeconds));
    }
}
