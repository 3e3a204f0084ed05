package io.godwit.replication;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.replication.ReplicaMessage.Holding;
import io.godwit.volume.GroupStore;
import io.godwit.volume.LogEnd;
import io.godwit.volume.LogReader;
import io.godwit.volume.LogRecord;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;

/** How a session begins, as decided by the source from what the replica holds. */
sealed interface Beginning {
    /** The replica is complete: ship from there. */
    record Resume(Position from) implements Beginning {}

    /** The replica was being seeded: ship from there, and go on copying at the cursor. */
    record ResumeSeeding(Position from, SeedCursor cursor) implements Beginning {}

    /** The replica has nothing to go on with: copy everything. */
    record Anew() implements Beginning {}

    /**
     * Decides without changing anything. A replica whose history is another one is only written over under a newer
     * term: the term says whose history counts.
     *
     * @throws GodwitException CONFLICT if the replica's history differs under the same term, or it has other disks
     */
    static Beginning decide(GroupStore store, Holding holding) throws IOException, InterruptedException {
        return switch (holding) {
            case Holding.Nothing _ -> new Anew();
            case Holding.Part part ->
                part.disks().equals(DiskShape.of(store)) && isOurs(store, part.end())
                        ? new ResumeSeeding(part.end().position(), part.cursor())
                        : new Anew();
            case Holding.Complete complete -> decide(store, complete);
        };
    }

    private static Beginning decide(GroupStore store, Holding.Complete replica)
            throws IOException, InterruptedException {
        requireSameDisks(store, replica.disks());
        Position end = replica.end().position();
        if (end.compareTo(store.tail()) < 0) {
            log("the replica ends at {0} and the log begins at {1}: it is copied anew", end, store.tail());
            return new Anew();
        }
        if (isOurs(store, replica.end())) {
            return new Resume(end);
        }
        requireOlder(store, replica.term(), end);
        log("the replica went another way under term {0}: it is copied anew under {1}", replica.term(), store.term());
        return new Anew();
    }

    private static void requireSameDisks(GroupStore store, List<DiskShape> disks) {
        if (!disks.equals(DiskShape.of(store))) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "the replica has disks %s, the group has %s".formatted(disks, DiskShape.of(store)));
        }
    }

    private static void requireOlder(GroupStore store, Term term, Position end) {
        if (!term.isOlderThan(store.term())) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "the replica holds another history up to %s under the same term %s: nothing is written over it until an operator decides which one counts"
                            .formatted(end, term));
        }
    }

    /** Whether that is a place in our log's history which the log still has. */
    private static boolean isOurs(GroupStore store, LogEnd end) throws IOException, InterruptedException {
        LogEnd ours = store.end();
        if (ours.position().equals(end.position())) {
            return ours.equals(end);
        }
        return ours.position().reaches(end.position())
                && end.position().compareTo(store.tail()) >= 0
                && chainBefore(store, end.position()) == end.chain();
    }

    /** The record that begins at the position, which is before the head, names the checksum of the one before it. */
    private static int chainBefore(GroupStore store, Position position) throws IOException, InterruptedException {
        store.awaitDurable(store.head());
        LogReader reader = store.read(position);
        ByteBuffer first = ByteBuffer.allocateDirect(LogRecord.MAX_BYTES);
        reader.read(first);
        return LogRecord.decode(first.flip(), position).chain();
    }

    private static void log(String sentence, Object... facts) {
        System.getLogger(Beginning.class.getName()).log(Level.WARNING, sentence, facts);
    }
}
