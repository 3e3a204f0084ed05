package io.godwit.replication;

import io.godwit.core.ErrorCode;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.LogEnd;
import java.util.List;

/** What the source says to the replica. The session's course is drawn in {@code docs/replication-protocol.md}. */
sealed interface SourceMessage {
    /** The first message: who ships what, under which term. */
    record Hello(int version, GroupName group, Term term, List<DiskShape> disks) implements SourceMessage {
        public Hello {
            disks = List.copyOf(disks);
        }
    }

    /** Answer to the replica's hello: the log goes on where the replica's ends. */
    record Continue() implements SourceMessage {}

    /** Answer to the replica's hello: throw away what is there, the disks are copied from the beginning; the log goes on from {@code start}. */
    record Seed(LogEnd start) implements SourceMessage {}

    /** Whole records of the log, the first of which begins where the last ended. */
    record Records(Packed records) implements SourceMessage {}

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

    /** All content before the cursor was sent, and what it reflects is on the source's stable storage. */
    record SeedMark(SeedCursor cursor) implements SourceMessage {}

    /** All disks were copied; with the log up to {@code complete} the copy is consistent. */
    record SeedDone(Position complete) implements SourceMessage {}

    /** A sign of life; the stamp comes back in {@link ReplicaMessage.Alive}. */
    record Alive(long stamp) implements SourceMessage {}

    /** The source ends the session, and why. */
    record Trouble(ErrorCode code, String sentence) implements SourceMessage {}
}
