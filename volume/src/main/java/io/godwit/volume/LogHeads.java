package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Reads the heads of the records of a part of the log, and as little as possible of the rest. */
final class LogHeads {
    /** Takes in many small records at once, and wastes little at large ones. */
    private static final int CHUNK_BYTES = 32 << 10;

    private final GroupLog log;
    private final long to;
    private final Predicate<LogRecord> each;
    private boolean enough;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);

    private LogHeads(GroupLog log, long to, Predicate<LogRecord> each) {
        this.log = log;
        this.to = to;
        this.each = each;
    }

    /**
     * Gives out all records that begin from {@code from} on, where one does, and before {@code to}, which is no farther
     * than the head.
     *
     * @return where the last of them ends; empty if that part of the log was reclaimed meanwhile
     * @throws GodwitException CORRUPT if the log is damaged there
     */
    static OptionalLong scan(GroupLog log, long from, long to, Consumer<LogRecord> each) throws IOException {
        return scanWhile(log, from, to, record -> {
            each.accept(record);
            return true;
        });
    }

    /** Like {@link #scan}, but ends behind the first record for which {@code each} is false. */
    static OptionalLong scanWhile(GroupLog log, long from, long to, Predicate<LogRecord> each) throws IOException {
        return new LogHeads(log, to, each).scan(from);
    }

    private OptionalLong scan(long from) throws IOException {
        long at = from;
        long head = log.head().value();
        while (at < to && !enough) {
            chunk.clear();
            if (!log.copy(at, head, chunk)) {
                return OptionalLong.empty();
            }
            at = scanChunk(at, chunk.flip());
        }
        return OptionalLong.of(at);
    }

    /** Returns where the first record begins whose head isn't in this chunk. */
    private long scanChunk(long begin, ByteBuffer heads) {
        if (heads.remaining() < LogRecord.HEADER_BYTES) {
            throw new GodwitException(
                    ErrorCode.CORRUPT, "the log ends in the middle of a record at %d".formatted(begin));
        }
        long at = begin;
        while (at < to && !enough && at - begin <= heads.limit() - LogRecord.HEADER_BYTES) {
            LogRecord record = LogRecord.decodeHead(heads.position((int) (at - begin)), new Position(at));
            enough = !each.test(record);
            at = record.end().value();
        }
        return at;
    }
}
