package io.godwit.migration.drain;

import io.godwit.core.ByteCount;
import java.time.Duration;

/**
 * What an earlier move away from the site took.
 *
 * @param memory of its machines
 * @param took until they ran at the other site, without the time that pending writes took
 */
public record MeasuredMove(ByteCount memory, Duration took) {
    public MeasuredMove {
        if (memory.bytes() == 0 || !took.isPositive()) {
            throw new IllegalArgumentException("a move of nothing, or in no time, measures nothing");
        }
    }
}
