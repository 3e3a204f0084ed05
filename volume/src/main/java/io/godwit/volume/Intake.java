package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The records that a replica takes over from the primary's log. They are written as they come, but the head moves, and
 * they count for the disks, only where the disks are complete: a batch of which something was left out becomes visible
 * all at once, or is cut off again. For one thread at a time; the appender's lock sees to it.
 */
final class Intake {
    /** A batch of more records is refused: they are kept in memory until it is complete. */
    static final int MAX_BATCH_RECORDS = 64 << 10;

    /** Makes sure that a record can be written next. */
    interface Room {
        void require(LogRecord record) throws IOException;
    }

    private final GroupLog log;
    private final Consumer<LogRecord> counting;
    /** Written behind the head. */
    private final List<LogRecord> open = new ArrayList<>();

    /** @param counting takes in the records that count from now on */
    Intake(GroupLog log, Consumer<LogRecord> counting) {
        this.log = log;
        this.counting = counting;
    }

    /**
     * Writes records that were checked, as many at once as fit into a segment.
     *
     * @param shipped them as they crossed; consumed
     */
    void take(ByteBuffer shipped, List<LogRecord> checked, Room room) throws IOException {
        int from = 0;
        while (from < checked.size()) {
            room.require(checked.get(from));
            int to = from;
            long bytes = 0;
            while (to < checked.size() && log.fits(bytes + checked.get(to).bytes())) {
                bytes += checked.get(to++).bytes();
            }
            log.appendChecked(shipped, checked.subList(from, to));
            checked.subList(from, to).forEach(this::taken);
            publish();
            from = to;
        }
    }

    private void taken(LogRecord record) {
        open.add(record);
        if (open.size() > MAX_BATCH_RECORDS && !record.endsAtPoint()) {
            throw new GodwitException(
                    ErrorCode.CORRUPT,
                    "a batch of more than %d records was refused: it begins at %s"
                            .formatted(MAX_BATCH_RECORDS, log.head()));
        }
    }

    /** Lets everything up to the last point count. */
    private void publish() {
        int points = open.size();
        while (points > 0 && !open.get(points - 1).endsAtPoint()) {
            points--;
        }
        if (points > 0) {
            List<LogRecord> complete = open.subList(0, points);
            complete.forEach(counting);
            log.publish(complete.getLast());
            if (complete.stream().anyMatch(LogRecord::salts)) {
                log.salted();
            }
            complete.clear();
        }
    }

    /** Cuts off the batch that isn't complete, if there is one. */
    void drop() throws IOException {
        open.clear();
        log.cutBack();
    }
}
