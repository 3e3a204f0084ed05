package io.godwit.volume;

import io.godwit.core.ByteCount;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What a replica's store holds of some disks ahead of its log. Thread-safe. */
public final class EarlySide {
    private static final int PART_OF_SEGMENT = 2;

    private final Appender appender;
    private final GroupCommit commit;
    private final EarlyRecords records;
    private final StoreHealth health;

    EarlySide(Appender appender, GroupCommit commit, EarlyRecords records, StoreHealth health) {
        this.appender = appender;
        this.commit = commit;
        this.records = records;
        this.health = health;
    }

    /**
     * What is there.
     *
     * @param reach all records of those disks before it are here or in the log, though perhaps not durably; START if none are here
     * @param held bytes that they take
     * @param room bytes that they may take
     */
    public record State(Position reach, ByteCount held, ByteCount room) {}

    /** Nothing is there yet, of a store with such limits. */
    public static State empty(StoreLimits limits) {
        return new State(Position.START, ByteCount.ZERO, EarlyRecords.room(mostBytes(limits)));
    }

    /** Bytes of files: they may take that part of a segment, so that a promoted replica can put them behind its log at once. */
    static long mostBytes(StoreLimits limits) {
        return limits.segment().bytes() / PART_OF_SEGMENT;
    }

    public State state() {
        return new State(records.reach(), records.held(), records.room());
    }

    /** All records of those disks before it are here, in the log or ahead of it. */
    public Position covered() {
        Position durable = commit.durable();
        Position reach = records.reach();
        return durable.reaches(reach) ? durable : reach;
    }

    /**
     * Takes a batch, as it crosses between sites. It counts when this site is promoted, and not before.
     *
     * @throws GodwitException FENCED if it is of an older term, CONFLICT if this site is the primary, CORRUPT if it is malformed,
     *     doesn't follow what is here or is more than there is room for
     */
    public void add(EarlyBatch batch, ByteBuffer from) throws IOException {
        appender.takeEarly(batch, from);
    }

    /** Makes everything durable and drops what the log has reached; returns before which position all records of those disks are safe here. */
    public synchronized Position sync() throws IOException {
        EarlyRecords.Synced synced = syncFiles();
        commit.awaitUninterruptibly(synced.from());
        Position durable = commit.durable();
        records.reached(durable);
        return durable.reaches(synced.to()) ? durable : synced.to();
    }

    private EarlyRecords.Synced syncFiles() throws IOException {
        try {
            return records.sync();
        } catch (IOException failed) {
            health.fail(failed);
            throw failed;
        }
    }

    void close() {
        records.close();
    }

    /** Forgets them: they are of another history. */
    public void drop() throws IOException {
        records.clear();
    }
}
