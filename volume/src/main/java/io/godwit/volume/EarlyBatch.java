package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Some disks' records from one position of the log to another: all of them, and nothing else of the log.
 *
 * @param term of the records
 */
public record EarlyBatch(Position from, Position to, Term term) {
    /** What stands before the records in a file; whoever counts what a replica holds counts it, too. */
    public static final int HEADER_BYTES = 32;

    private static final int CHECKED_FROM = 4;

    /** A batch in a file, whose records are the buffer's next {@code bytes}. */
    record Stored(EarlyBatch batch, int bytes) {}

    /**
     * Checks records as they crossed; the buffer isn't moved.
     *
     * @param known the newest term known here
     * @throws GodwitException FENCED if they are of an older term, CORRUPT if they aren't whole records of this part of the log
     */
    void check(ByteBuffer records, List<DiskSpec> disks, Term known) {
        if (term.isOlderThan(known)) {
            throw new GodwitException(
                    ErrorCode.FENCED,
                    "early records of term %s were refused: term %s has begun".formatted(term, known));
        }
        require(term.equals(known) && to.compareTo(from) > 0);
        ByteBuffer rest = records.duplicate();
        Position due = from;
        while (rest.hasRemaining()) {
            LogRecord record = LogRecord.decodeAnywhere(rest);
            require(record.position().reaches(due) && to.reaches(record.end()));
            require(record.form() == RecordForm.WHOLE && record.kind().changesDisk());
            require(record.term().equals(term));
            record.checkFits(disks);
            due = record.end();
        }
    }

    private void require(boolean holds) {
        if (!holds) {
            throw new GodwitException(
                    ErrorCode.CORRUPT, "early records from %s to %s are malformed".formatted(from, to));
        }
    }

    /** Puts the head of a batch into a buffer of {@link #HEADER_BYTES}, ready to be written. */
    ByteBuffer head(ByteBuffer records) {
        ByteBuffer head = ByteBuffer.allocateDirect(HEADER_BYTES);
        head.putInt(0)
                .putInt(records.remaining())
                .putLong(from.value())
                .putLong(to.value())
                .putLong(term.value())
                .flip();
        return head.putInt(0, sum(head, records));
    }

    /** Reads the head at the buffer's position and moves behind it, if there is a whole batch. */
    static Optional<Stored> next(ByteBuffer file) {
        if (file.remaining() < HEADER_BYTES) {
            return Optional.empty();
        }
        int at = file.position();
        int bytes = file.getInt(at + 4);
        if (bytes < 0 || bytes > file.remaining() - HEADER_BYTES) {
            return Optional.empty();
        }
        int sum = sum(file.slice(at, HEADER_BYTES), file.slice(at + HEADER_BYTES, bytes));
        long from = file.getLong(at + 8);
        long to = file.getLong(at + 16);
        long term = file.getLong(at + 24);
        if (sum != file.getInt(at) || from < 0 || to <= from || term < 1) {
            return Optional.empty();
        }
        file.position(at + HEADER_BYTES);
        return Optional.of(new Stored(new EarlyBatch(new Position(from), new Position(to), new Term(term)), bytes));
    }

    private static int sum(ByteBuffer head, ByteBuffer records) {
        CRC32C crc = new CRC32C();
        crc.update(head.slice(CHECKED_FROM, HEADER_BYTES - CHECKED_FROM));
        crc.update(records.duplicate());
        return (int) crc.getValue();
    }
}
