package io.godwit.memory;

import io.godwit.core.ByteCount;
import java.nio.ByteBuffer;

/**
 * One message of the memory protocol, version 1.
 *
 * <pre>
 *   sender                                          receiver
 *     Hello(version, page size, RAM size)   ------>
 *                                           <------  Welcome | Refused(sentence)
 *     Reference(bytes)                      ------>             optional
 *     Batch ... Batch EndOfRound(1)         ------>             the guest runs
 *                                           <------  RoundApplied(1)
 *     Batch ... Batch EndOfRound(n)         ------>
 *                                           <------  RoundApplied(n)
 *     Batch ... Batch DeviceState End       ------>             the guest is stopped
 *                                           <------  Received
 *     Pulse                                 <----->             at any time, so that silence means loss
 * </pre>
 *
 * The bytes are described in {@code docs/memory-protocol.md}. A peer of another version is refused.
 */
sealed interface Frame {
    int VERSION = 1;

    /** The sender's first frame. */
    record Hello(int version, int pageBytes, ByteCount ram) implements Frame {}

    /** The receiver's answer when it takes the RAM. */
    record Welcome(int version) implements Frame {}

    /** The receiver's answer when it doesn't, or its last word when it gives up. */
    record Refused(String sentence) implements Frame {}

    /** Bytes that the device state will resemble, sent ahead so that only the difference crosses in the pause. */
    record Reference(PackedBytes content) implements Frame {}

    /** Pages, see {@link BatchEncoder}. */
    record Batch(ByteBuffer payload) implements Frame {}

    record EndOfRound(int round) implements Frame {}

    record RoundApplied(int round) implements Frame {}

    record Pulse() implements Frame {}

    /** The device state as QEMU wrote it, compressed against the {@link Reference}. */
    record DeviceState(PackedBytes content) implements Frame {}

    /** Everything was sent: so many pages with content and so many zero pages in all rounds. */
    record End(long changedPages, long zeroPages) implements Frame {}

    record Received() implements Frame {}
}
