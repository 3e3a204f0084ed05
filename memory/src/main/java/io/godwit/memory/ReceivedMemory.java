package io.godwit.memory;

import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * What a whole transfer brought.
 *
 * @param deviceState as the sending QEMU wrote it, read-only
 * @param rounds rounds over the RAM, the last one included
 * @param changedPages pages received with content, in all rounds
 * @param zeroPages pages received as zero, in all rounds
 * @param lastRound the numbers of the pages received in the last round
 * @param wireBytes bytes read from the channel
 */
public record ReceivedMemory(
        ByteBuffer deviceState, int rounds, long changedPages, long zeroPages, BitSet lastRound, long wireBytes) {
    public ReceivedMemory {
        deviceState = deviceState.asReadOnlyBuffer();
    }
}
