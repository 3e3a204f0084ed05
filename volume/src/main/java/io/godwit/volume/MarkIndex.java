package io.godwit.volume;

import io.godwit.core.Position;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;

/**
 * Where the marks of the log are, without their contents: a day of marks, one a second, takes some megabytes. Of more
 * than that, those that say nothing but their number are thinned out first, the oldest others next. Thread-safe.
 */
final class MarkIndex {
    private final int most;
    private final TreeMap<Position, LogMark> marks = new TreeMap<>();

    MarkIndex() {
        this(100_000);
    }

    MarkIndex(int most) {
        this.most = most;
    }

    /** A record of the log; what isn't a mark is passed over. Marks before {@code tail} can't be read any more. */
    void note(LogRecord record, Position tail) {
        if (record.kind() == LogRecord.Kind.MARK) {
            add(LogMark.of(record), tail);
        }
    }

    private synchronized void add(LogMark mark, Position tail) {
        marks.headMap(tail).clear();
        if (marks.size() >= most) {
            thinOut();
        }
        marks.put(mark.position(), mark);
    }

    private void thinOut() {
        boolean drop = false;
        for (Iterator<LogMark> all = marks.values().iterator(); all.hasNext(); ) {
            if (all.next().contentBytes() == 0) {
                if (drop) {
                    all.remove();
                }
                drop = !drop;
            }
        }
        while (marks.size() >= most) {
            marks.pollFirstEntry();
        }
    }

    /** Those at {@code from} and behind it, in their order. */
    synchronized List<LogMark> from(Position from) {
        return new ArrayList<>(marks.tailMap(from, true).values());
    }
}
