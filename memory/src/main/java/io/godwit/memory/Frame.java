package io.godwit.memory;

import io.godwit.core.ByteCount;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One message of the memory protocol, version 1 of moves and 2 of checkpoints.
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
 * Checkpoints of a group's machines go the same way, many over one channel, in a conversation of their own:
 *
 * <pre>
 *     Machines(version, page size, names and RAM sizes)  ------>
 *                                           <------  Welcome | Refused(sentence)
 *     Machine(0) AskHeld(page)              ------>             from 0 on, until nothing more is held
 *                                           <------  Held(digests)
 *     Machine(0) Reference ... Machine(m) Reference      ------>             optional
 *     Machine(0) Batch ... Machine(m) Batch ------>             the guests run
 *     Machine(0) Batch ... DeviceState ... Machine(m) Batch ... DeviceState Checkpoint(n)  ------>   from when they stood still
 *                                           <------  RoundApplied(n)
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

    /** The first frame of a sender of checkpoints: the machines whose memory they hold. */
    record Machines(int version, int pageBytes, List<MachineRam> machines) implements Frame {
        static final int VERSION = 2;

        /** A group has no more machines. */
        static final int MOST = 64;

        public Machines {
            machines = List.copyOf(machines);
        }
    }

    /** What follows, up to the next one of these, is that machine's: its place among the {@link Machines}. */
    record Machine(int index) implements Frame {}

    /** What do you have of this machine's RAM, from that page on, from an earlier checkpoint? */
    record AskHeld(long firstPage) implements Frame {}

    /** The answer: digests of {@link HeldPages} of at most {@link HeldPages#AT_ONCE} pages; none if nothing is held from there on. */
    record Held(ByteBuffer digests) implements Frame {}

    /** Everything of a checkpoint was sent. The receiver answers with {@link RoundApplied} of its number when it has taken the last one's place. */
    record Checkpoint(CheckpointId id) implements Frame {}
}
