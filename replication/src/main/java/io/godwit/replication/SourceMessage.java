package io.godwit.replication;

import io.godwit.core.ErrorCode;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.LogEnd;
import io.godwit.volume.TermStart;
import java.nio.ByteBuffer;
import java.util.List;

/** What the source says to the replica. The session's course is drawn in {@code docs/replication-protocol.md}. */
sealed interface SourceMessage {
    /** The first message: who ships what, under which term; and the salt of the session's digests. */
    record Hello(int version, GroupName group, Term term, List<DiskShape> disks, Salt salt) implements SourceMessage {
        public Hello {
            disks = List.copyOf(disks);
        }
    }

    /** Answer to the replica's hello: the log goes on where the replica's ends. */
    record Continue() implements SourceMessage {}

    /**
     * Answer to the replica's hello: the disks are copied, and the log goes on from {@code start}.
     *
     * @param terms those that begin before {@code start}
     * @param scope COPY onto empty disks: what is there is thrown away; otherwise what is there is brought to the same
     */
    record Seed(LogEnd start, List<TermStart> terms, Scope scope) implements SourceMessage {
        public Seed {
            terms = List.copyOf(terms);
        }
    }

    /** Answer to the replica's hello: its history has parted from ours there; it is to set aside the rest and say hello again. */
    record TurnBack(LogEnd parting) implements SourceMessage {}

    /** Whole records of the log, the first of which begins where the last ended. */
    record Records(Packed records) implements SourceMessage {}

    /**
     * All records that sync disks have between two positions of the log, ahead of the log itself.
     *
     * @param records whole, with the same heads as in the log; {@link Packed#NOTHING} if there are none
     */
    record Early(Term term, Position from, Position to, Packed records) implements SourceMessage {}

    /** Content of a disk, at least as new as all records sent before. */
    record Chunk(int disk, long offset, Packed content) implements SourceMessage {
        /** Bytes on the wire, without the frame's head. */
        int bytes() {
            return Byte.BYTES
                    + Long.BYTES
                    + Packed.HEADER_BYTES
                    + content.bytes().remaining();
        }
    }

    /** Digests of consecutive ranges, of content at least as new as all records sent before; answered by {@link ReplicaMessage.Differing}. */
    record Digests(int disk, long offset, ByteBuffer digests) implements SourceMessage {
        static final int MAX_RANGES = 8;

        int ranges() {
            return digests.remaining() / BlockDigests.DIGEST_BYTES;
        }
    }

    /**
     * Content of those blocks of a range whose bits are set, one behind the other; those of {@code zeroes} are zero.
     */
    record Blocks(int disk, long offset, long filled, long zeroes, Packed content) implements SourceMessage {
        /** Bytes on the wire, without the frame's head. */
        int bytes() {
            return Byte.BYTES
                    + 3 * Long.BYTES
                    + Packed.HEADER_BYTES
                    + content.bytes().remaining();
        }
    }

    /** A part of a disk that is all zeroes. */
    record Clear(DiskRun run) implements SourceMessage {}

    /** All content before the cursor was sent, and what it reflects is on the source's stable storage. */
    record SeedMark(SeedCursor cursor) implements SourceMessage {}

    /** All disks were copied; with the log up to {@code complete} the copy is consistent. */
    record SeedDone(Position complete) implements SourceMessage {}

    /** A sign of life; the stamp comes back in {@link ReplicaMessage.Alive}. */
    record Alive(long stamp) implements SourceMessage {}

    /** The source ends the session, and why. */
    record Trouble(ErrorCode code, String sentence) implements SourceMessage {}
}
