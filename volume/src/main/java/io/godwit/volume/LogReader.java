package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Reads records from a position on, in the form in which they cross to another site. It only ever gives what is durable
 * here: a follower that got more would hold another history than its source if that lost power. Used by one thread.
 */
public final class LogReader {
    private final GroupLog log;
    private final GroupCommit commit;
    private final HeadSignal heads;
    private final Applier applier;
    private Position position;
    private boolean atPoint = true;
    private BatchPlan batch;

    LogReader(GroupLog log, GroupCommit commit, HeadSignal heads, Applier applier, Position from) {
        this.log = log;
        this.commit = commit;
        this.heads = heads;
        this.applier = applier;
        this.position = from;
        this.batch = BatchPlan.none(from, from);
    }

    /** Where the next record to read begins. */
    public Position position() {
        return position;
    }

    /** Whether the disks are complete there, for who has read all before. */
    public boolean atPoint() {
        return atPoint;
    }

    /** Whether {@link #gather} could plan a batch that begins here. */
    public boolean mayGather() {
        return atPoint && position.compareTo(batch.end()) >= 0;
    }

    /**
     * Lets what is there now, up to {@code atMost} bytes of the log, cross as a batch without the content that is
     * overwritten or trimmed again within it. A point that is open here is one at the other site, too: it ends a batch. Nothing happens in the middle of a batch, where little can be left out, or within what was looked at before.
     *
     * @return bytes of content that will be left out
     */
    public long gather(long atMost) throws IOException {
        if (!mayGather()) {
            return 0;
        }
        long durable = commit.durable().value();
        Position to = new Position(Math.min(durable, position.value() + Math.max(0, atMost)));
        batch = BatchPlan.of(log, position, applier.firstPoint(position, to));
        return batch.savedBytes();
    }

    /** Waits until there is something to read; makes it durable first. Returns false if nothing came in time. */
    public boolean await(Duration atMost) throws InterruptedException {
        if (commit.durable().compareTo(position) > 0) {
            return true;
        }
        if (!heads.await(position, atMost)) {
            return false;
        }
        commit.await(log.head());
        return true;
    }

    /**
     * Puts as many records into {@code into} as fit and are there; a buffer of {@link LogRecord#MAX_BYTES} takes at least
     * one.
     *
     * @return the number of bytes; 0 if there is nothing to read now, or no room for the next record
     * @throws GodwitException NOT_FOUND if the log was reclaimed up to beyond this position
     */
    public int read(ByteBuffer into) throws IOException {
        int begin = into.position();
        while (readSome(into) && into.remaining() >= LogRecord.MAX_BYTES) {
            // What was left out has made room for more.
        }
        return into.position() - begin;
    }

    private boolean readSome(ByteBuffer into) throws IOException {
        int begin = into.position();
        if (!log.copy(position.value(), commit.durable().value(), into)) {
            into.position(begin);
            throw new GodwitException(
                    ErrorCode.NOT_FOUND,
                    "the log begins at %s: what stood at %s is gone".formatted(log.tail(), position));
        }
        ByteBuffer got = into.duplicate().flip().position(begin);
        into.position(begin);
        return pack(got, into);
    }

    /** Moves records together, leaving out what need not cross; returns whether there was one. */
    private boolean pack(ByteBuffer got, ByteBuffer into) {
        Position before = position;
        while (got.remaining() >= LogRecord.HEADER_BYTES) {
            LogRecord record = LogRecord.decodeHead(got, position);
            if (record.bytes() > got.remaining()) {
                break;
            }
            RecordForm form = batch.form(record);
            int shipped = form == RecordForm.ELIDED ? LogRecord.HEADER_BYTES : record.bytes();
            if (got.position() == into.position()) {
                into.position(into.position() + shipped);
            } else {
                into.put(got.slice(got.position(), shipped));
            }
            LogRecord.putForm(into, into.position() - shipped, form);
            got.position(got.position() + record.bytes());
            position = record.end();
            atPoint = form == RecordForm.WHOLE;
        }
        return !position.equals(before);
    }
}
