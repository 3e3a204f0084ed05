package io.godwit.memory;

import java.time.Duration;

/**
 * The pause of a guest, split into its parts. {@code save} runs at the same time as {@code scan}, so that the pause is
 * shorter than the sum.
 *
 * @param stop until QEMU had stopped the guest and drained its disks
 * @param scan until the last changed page was found, compressed and handed to the channel
 * @param save until QEMU had written the device state
 * @param send from the end of both until the receiver had everything
 * @param load until the other QEMU had read the device state
 */
public record PauseParts(Duration stop, Duration scan, Duration save, Duration send, Duration load) {
    /** The parts one after another, with scan and save side by side. */
    public Duration total() {
        Duration slower = scan.compareTo(save) > 0 ? scan : save;
        return stop.plus(slower).plus(send).plus(load);
    }
}
