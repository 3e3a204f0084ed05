package io.godwit.replication;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.EarlySide;
import io.godwit.volume.LogEnd;
import io.godwit.volume.TermStart;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** What the replica says to the source. */
sealed interface ReplicaMessage {
    /** What a replica holds when a session begins. */
    sealed interface Holding {
        /** Empty disks. */
        record Nothing() implements Holding {}

        /** Disks that have some content, of which nothing is known. */
        record Images() implements Holding {}

        /** A log, durable up to its end, and disks on which everything before the cursor is done. */
        record Part(List<DiskShape> disks, Term term, LogEnd end, SeedCursor cursor, Scope scope) implements Holding {}

        /**
         * A complete copy as of the log's end, which is durable.
         *
         * @param terms where they begin in its log, as far as it remembers
         * @param parted if it was told to turn back, and could not simply shorten its log
         */
        record Complete(List<DiskShape> disks, Term term, LogEnd end, List<TermStart> terms, Optional<Parted> parted)
                implements Holding {}

        /** A complete copy, and beside it one that is to take its place: a log up to {@code end}, disks done up to the cursor. */
        record Repair(Complete old, LogEnd end, SeedCursor cursor, Scope scope) implements Holding {}
    }

    /**
     * A replica's disks hold changes that are no part of the group's history.
     *
     * @param at the end of the common history
     * @param known whether {@code changed} is everything
     * @param changed what may differ from the disks at {@code at}
     */
    record Parted(LogEnd at, boolean known, List<DiskRun> changed) {
        public Parted {
            changed = List.copyOf(changed);
        }
    }

    /**
     * Answer to the source's hello.
     *
     * @param batchBytes log bytes that a batch may span, so that there is room for it here
     */
    record Hello(int version, long batchBytes, EarlyRoom early, Holding holding) implements ReplicaMessage {}

    /**
     * What a replica holds of sync disks ahead of its log, all of it durable.
     *
     * @param reach all their records before it are there; START if there are none ahead of the log
     * @param held bytes that they take
     * @param room bytes that they may take, once the replica is complete
     */
    record EarlyRoom(Position reach, ByteCount held, ByteCount room) {
        static EarlyRoom of(EarlySide.State state) {
            return new EarlyRoom(state.reach(), state.held(), state.room());
        }

        /** The same room with nothing in it. */
        EarlyRoom emptied() {
            return new EarlyRoom(Position.START, ByteCount.ZERO, room);
        }
    }

    /**
     * Answer to digests, in their order.
     *
     * @param ranges those, as bits, which differ here
     * @param blocks the digests of all blocks of each of them
     */
    record Differing(int disk, long offset, int ranges, ByteBuffer blocks) implements ReplicaMessage {}

    /**
     * How far the replica is.
     *
     * @param durable the log is on its stable storage up to here
     * @param early all records of sync disks before it are on its stable storage; not before {@code durable}
     * @param chunkBytes bytes of chunk and block frames that it has worked off in this session
     * @param complete whether it holds a complete copy
     */
    record Ack(Position durable, Position early, long chunkBytes, boolean complete) implements ReplicaMessage {}

    /** A sign of life. The stamp is the one received last, or zero. */
    record Alive(long stamp) implements ReplicaMessage {}

    /** The replica ends the session, and why. */
    record Trouble(ErrorCode code, String sentence) implements ReplicaMessage {}
}
