package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Reads whole records, as they are in the log, from a position on. It only ever gives what is durable here: a follower
 * that got more would hold another history than its source if that lost power. Used by one thread.
 */
public final class LogReader {
    private final GroupLog log;
    private final GroupCommit commit;
    private final HeadSignal heads;
    private Position position;

    LogReader(GroupLog log, GroupCommit commit, HeadSignal heads, Position from) {
        this.log = log;
        this.commit = commit;
        this.heads = heads;
        this.position = from;
    }

    /** Where the next record to read begins. */
    public Position position() {
        return position;
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
     * Puts as many whole records into {@code into} as fit and are there; a buffer of {@link LogRecord#MAX_BYTES} takes
     * at least one.
     *
     * @return the number of bytes; 0 if there is nothing to read now, or no room for the next record
     * @throws GodwitException NOT_FOUND if the log was reclaimed up to beyond this position
     */
    public int read(ByteBuffer into) throws IOException {
        int begin = into.position();
        if (!log.copy(position.value(), commit.durable().value(), into)) {
            into.position(begin);
            throw new GodwitException(
                    ErrorCode.NOT_FOUND,
                    "the log begins at %s: what stood at %s is gone".formatted(log.tail(), position));
        }
        ByteBuffer got = into.duplicate().flip().position(begin);
        Position end = wholeRecords(got);
        int bytes = (int) end.since(position).bytes();
        into.position(begin + bytes);
        position = end;
        return bytes;
    }

    private Position wholeRecords(ByteBuffer records) {
        Position at = position;
        while (records.remaining() >= LogRecord.HEADER_BYTES) {
            int bytes = LogRecord.decodeHead(records, at).bytes();
            if (bytes > records.remaining()) {
                break;
            }
            records.position(records.position() + bytes);
            at = at.plus(bytes);
        }
        return at;
    }
}
