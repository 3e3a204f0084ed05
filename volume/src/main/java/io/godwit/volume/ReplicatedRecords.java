package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The check of records that came from another site, before any of them is taken over.
 *
 * @param end where the first one must begin and what it must chain to; 0 if nothing was written here yet, so that any
 *     will do
 * @param term the newest term known here
 */
record ReplicatedRecords(List<DiskSpec> disks, LogEnd end, Term term) {
    /** Returns the heads of all records in the buffer, as they cross between sites; it isn't moved. */
    List<LogRecord> check(ByteBuffer records) {
        List<LogRecord> checked = new ArrayList<>();
        ByteBuffer rest = records.duplicate();
        Position due = end.position();
        int before = end.chain();
        Term atLeast = term;
        while (rest.hasRemaining()) {
            LogRecord record = LogRecord.decodeShipped(rest, due);
            check(record, before, atLeast);
            checked.add(record);
            due = record.end();
            before = record.checksum();
            atLeast = record.term();
        }
        return checked;
    }

    private void check(LogRecord record, int before, Term atLeast) {
        if (record.term().isOlderThan(atLeast)) {
            throw new GodwitException(
                    ErrorCode.FENCED,
                    "a record of term %s was refused: term %s has begun".formatted(record.term(), atLeast));
        }
        if (before != 0 && record.chain() != before) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "the record at %s doesn't follow what is in the log here: the two sites' histories differ"
                            .formatted(record.position()));
        }
        if (!record.endsAtPoint() && record.isOwnPoint(atLeast)) {
            throw new GodwitException(
                    ErrorCode.CORRUPT,
                    "the %s record at %s stands within a batch".formatted(record.kind(), record.position()));
        }
        record.checkFits(disks);
    }
}
