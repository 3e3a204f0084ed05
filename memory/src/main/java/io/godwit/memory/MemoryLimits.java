package io.godwit.memory;

import java.time.Duration;

/**
 * What a transfer of RAM may take.
 *
 * @param liveThreads threads that scan and compress while the guest runs and needs the processors itself
 * @param finalThreads threads that scan and compress when the guest is stopped
 * @param pulse how often each side says that it is there
 * @param silence without a byte from the peer for this long, the channel is closed
 */
public record MemoryLimits(int liveThreads, int finalThreads, Duration pulse, Duration silence) {
    /** More threads than this would only wait for memory and the link. */
    private static final int MAX_THREADS = 16;

    public MemoryLimits {
        if (liveThreads < 1 || finalThreads < liveThreads || finalThreads > MAX_THREADS) {
            throw new IllegalArgumentException(
                    "threads must be 1 <= live <= final <= 16: %d, %d".formatted(liveThreads, finalThreads));
        }
        if (pulse.isNegative() || pulse.isZero() || silence.compareTo(pulse.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException("silence must be at least two pulses: " + pulse + ", " + silence);
        }
    }

    /** Half of the processors while the guest runs, all of them when it is stopped; 3 s of silence is a lost peer. */
    public static MemoryLimits standard() {
        int processors = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MAX_THREADS);
        return new MemoryLimits(Math.max(1, processors / 2), processors, Duration.ofMillis(250), Duration.ofSeconds(3));
    }
}
