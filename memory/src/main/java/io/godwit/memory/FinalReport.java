package io.godwit.memory;

import java.time.Duration;

/**
 * What was sent after the guest had stopped, and how long each part took.
 *
 * @param round the last round over the RAM
 * @param deviceStateBytes as QEMU wrote it
 * @param deviceStateWireBytes as sent
 * @param save time QEMU took to save the device state, at the same time as the round
 * @param total from the call until the last byte was handed to the channel
 */
public record FinalReport(
        RoundReport round, long deviceStateBytes, long deviceStateWireBytes, Duration save, Duration total) {}
