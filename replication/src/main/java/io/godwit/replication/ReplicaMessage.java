package io.godwit.replication;

import io.godwit.core.ErrorCode;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.LogEnd;
import java.util.List;

/** What the replica says to the source. */
sealed interface ReplicaMessage {
    /** What a replica holds when a session begins. */
    sealed interface Holding {
        /** Nothing that could be gone on with. */
        record Nothing() implements Holding {}

        /** A log, durable up to its end, and disks copied up to the cursor. */
        record Part(List<DiskShape> disks, Term term, LogEnd end, SeedCursor cursor) implements Holding {}

        /** A complete copy as of the log's end, which is durable. */
        record Complete(List<DiskShape> disks, Term term, LogEnd end) implements Holding {}
    }

    /** Answer to the source's hello. */
    record Hello(int version, Holding holding) implements ReplicaMessage {}

    /**
     * How far the replica is.
     *
     * @param durable the log is on its stable storage up to here
     * @param chunkBytes bytes of chunk frames that it has worked off in this session
     * @param complete whether it holds a complete copy
     */
    record Ack(Position durable, long chunkBytes, boolean complete) implements ReplicaMessage {}

    /** A sign of life. The stamp is the one received last, or zero. */
    record Alive(long stamp) implements ReplicaMessage {}

    /** The replica ends the session, and why. */
    record Trouble(ErrorCode code, String sentence) implements ReplicaMessage {}
}
