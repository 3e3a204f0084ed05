package io.godwit.volume;

import io.godwit.core.Position;
import io.godwit.core.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a term begins in a log: the position of its first record, and the checksum of the record before. Two sites find
 * out from their lists of these up to where their histories are the same.
 */
public record TermStart(Term term, LogEnd start) {
    /** A store remembers so many, the newest. */
    public static final int MAX_KEPT = 256;

    /** Adds one; those that began there or later, with no record of their own, are gone. */
    static List<TermStart> with(List<TermStart> known, TermStart next) {
        List<TermStart> all = new ArrayList<>(until(known, next.start.position()));
        all.add(next);
        return List.copyOf(all.subList(Math.max(0, all.size() - MAX_KEPT), all.size()));
    }

    /** Those that begin before a position. */
    static List<TermStart> until(List<TermStart> known, Position end) {
        return known.stream()
                .filter(start -> start.start.position().compareTo(end) < 0)
                .toList();
    }

    /**
     * The end of what two logs have in common, as far as their terms tell; empty if they don't. It is the end of one of
     * them where both go on, or end, under the same terms.
     */
    public static Optional<LogEnd> common(
            List<TermStart> ours, LogEnd ourEnd, List<TermStart> theirs, LogEnd theirEnd) {
        boolean empty = ourEnd.equals(LogEnd.NOTHING) || theirEnd.equals(LogEnd.NOTHING);
        Optional<LogEnd> common = empty ? Optional.of(LogEnd.NOTHING) : Optional.empty();
        for (int i = 0; i < ours.size(); i++) {
            int same = theirs.indexOf(ours.get(i));
            if (same >= 0) {
                common = Optional.of(earlier(endOf(ours, i, ourEnd), endOf(theirs, same, theirEnd)));
            }
        }
        return common;
    }

    private static LogEnd endOf(List<TermStart> terms, int index, LogEnd end) {
        return index + 1 < terms.size() ? terms.get(index + 1).start : end;
    }

    private static LogEnd earlier(LogEnd one, LogEnd other) {
        return one.position().compareTo(other.position()) <= 0 ? one : other;
    }
}
