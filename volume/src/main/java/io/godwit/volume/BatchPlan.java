package io.godwit.volume;

import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.LogRecord.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A part of the log that was looked at, and that may cross to another site as a batch: all its heads, and of its payloads only those of which
 * something is left at its end. It ends at a point, before the next record that is one for its own sake: a mark or a term.
 *
 * @param leftOut positions of the records whose payloads need not cross
 * @param savedBytes what they come to
 */
record BatchPlan(Position begin, Position end, Set<Long> leftOut, long savedBytes) {
    /** A batch is complete at the other side later than its beginning would be: it must be worth it. */
    private static final int MIN_SAVING = 16;

    static BatchPlan none(Position begin, Position end) {
        return new BatchPlan(begin, end, Set.of(), 0);
    }

    /** A batch within a durable part of the log; nothing is left out where it would be little. */
    static BatchPlan of(GroupLog log, Position from, Position to) throws IOException {
        Search search = new Search(from);
        OptionalLong end = LogHeads.scanWhile(log, from.value(), to.value(), search::take);
        if (end.isEmpty()) {
            return none(from, from);
        }
        if (search.point.equals(search.end)) {
            return search.plan();
        }
        return search.point.equals(from) ? none(from, from) : of(log, from, search.point);
    }

    /** The form in which a record crosses, which begins in this batch or behind it. */
    RecordForm form(LogRecord record) {
        if (record.form() == RecordForm.ELIDED
                || leftOut.contains(record.position().value())) {
            return RecordForm.ELIDED;
        }
        boolean within = !leftOut.isEmpty() && record.end().compareTo(end) < 0;
        return within || record.form() == RecordForm.OPEN ? RecordForm.OPEN : RecordForm.WHOLE;
    }

    /** Gathers records, and what of their content is left. */
    private static final class Search {
        private final Position begin;
        private final Map<Integer, Overlay> disks = new HashMap<>();
        private final List<LogRecord> writes = new ArrayList<>();
        private Position end;
        private Position point;
        private Optional<Term> term = Optional.empty();
        private int records;

        Search(Position begin) {
            this.begin = begin;
            this.end = begin;
            this.point = begin;
        }

        /** Returns whether there may be more. */
        boolean take(LogRecord record) {
            records++;
            end = record.end();
            point = record.endsAtPoint() ? end : point;
            if (record.counts()) {
                disks.computeIfAbsent(record.disk(), number -> new Overlay()).put(Overlay.Piece.of(record));
                if (record.kind() == Kind.WRITE && record.length() > 0) {
                    writes.add(record);
                }
            }
            boolean last = isOwnPoint(record) || records == Intake.MAX_BATCH_RECORDS;
            term = Optional.of(record.term());
            return !last;
        }

        /** What term came before the first record is not known here: if it says which one is, it may begin that. */
        private boolean isOwnPoint(LogRecord record) {
            return term.map(record::isOwnPoint).orElse(!record.kind().changesDisk());
        }

        BatchPlan plan() {
            Set<Long> left = new HashSet<>();
            disks.values().forEach(disk -> disk.all().forEach(piece -> left.add(piece.record())));
            Set<Long> leftOut = new HashSet<>();
            long saved = 0;
            for (LogRecord write : writes) {
                if (!left.contains(write.position().value())) {
                    leftOut.add(write.position().value());
                    saved += write.bytes() - LogRecord.HEADER_BYTES;
                }
            }
            return saved * MIN_SAVING < end.since(begin).bytes()
                    ? none(begin, end)
                    : new BatchPlan(begin, end, leftOut, saved);
        }
    }
}
