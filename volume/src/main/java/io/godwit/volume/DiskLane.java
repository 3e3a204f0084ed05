package io.godwit.volume;

import io.godwit.core.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Some disks' records among those of the group, in their order. */
public final class DiskLane {
    private final GroupLog log;
    private final Appender appender;
    private final Set<Integer> disks;

    DiskLane(GroupLog log, Appender appender, Set<Integer> disks) {
        this.log = log;
        this.appender = appender;
        this.disks = Set.copyOf(disks);
    }

    /** The end of the last record of any of these disks; the head at which the store was opened if there was none since. */
    public Position head() {
        return appender.lastOf(disks);
    }

    /**
     * Puts these disks' records from one place in the log to another into a buffer, as many as fit.
     *
     * @param from where a record begins
     * @param to where one ends; all before it is durable
     * @return before which position there are no others; {@code from} if that part of the log was reclaimed, or the next record is held in part
     */
    public Position read(Position from, Position to, ByteBuffer into) throws IOException {
        Search search = new Search(from, into.remaining());
        boolean held =
                LogHeads.scanWhile(log, from.value(), to.value(), search::take).isPresent();
        for (LogRecord record : held ? search.found : List.<LogRecord>of()) {
            ByteBuffer place = into.slice(into.position(), record.bytes());
            if (!log.copy(record.position().value(), record.end().value(), place)) {
                return from;
            }
            into.position(into.position() + record.bytes());
        }
        return held ? search.end : from;
    }

    private final class Search {
        private final List<LogRecord> found = new ArrayList<>();
        private Position end;
        private long room;

        Search(Position from, long room) {
            this.end = from;
            this.room = room;
        }

        /** Returns whether to look on. */
        boolean take(LogRecord record) {
            boolean ours = record.kind().changesDisk() && disks.contains(record.disk());
            if (ours && (record.form() != RecordForm.WHOLE || record.bytes() > room)) {
                return false;
            }
            if (ours) {
                found.add(record);
                room -= record.bytes();
            }
            end = record.end();
            return true;
        }
    }
}
