package io.godwit.memory;

import java.time.Duration;

/**
 * What one round over the RAM did.
 *
 * @param round from 1
 * @param changedPages pages sent with content
 * @param zeroPages pages sent as zero
 * @param wireBytes bytes written to the channel for this round
 * @param scan time spent in comparing and compressing, by the thread that took longest
 * @param total from the round's beginning until the receiver had applied it; for the last round until it was written
 * @param changingFor how long the pages of this round could have been changing: since the last round began
 */
public record RoundReport(
        int round,
        long changedPages,
        long zeroPages,
        long wireBytes,
        Duration scan,
        Duration total,
        Duration changingFor) {}
