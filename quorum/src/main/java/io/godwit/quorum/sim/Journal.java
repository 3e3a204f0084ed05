package io.godwit.quorum.sim;

import io.godwit.core.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A site's log of the group: each record is chained to the one before it, and the last ones may not be durable yet. */
final class Journal {
    private final List<Written> records = new ArrayList<>();
    private final List<Long> chain = new ArrayList<>();
    private int durable;

    int end() {
        return records.size();
    }

    /** So many of the first records outlive a loss of power. */
    int durable() {
        return durable;
    }

    Written at(int position) {
        return records.get(position);
    }

    /** The term of the last record. */
    Optional<Term> term() {
        return records.isEmpty()
                ? Optional.empty()
                : Optional.of(records.getLast().term());
    }

    /** What stands for all records before a position: no two histories have the same. */
    long chainAt(int position) {
        return position == 0 ? 0 : chain.get(position - 1);
    }

    /** All of {@link #chainAt}, as they are now. */
    List<Long> chain() {
        return List.copyOf(chain);
    }

    boolean holds(int position, long chained) {
        return position <= end() && chainAt(position) == chained;
    }

    void append(Written record) {
        chain.add((chainAt(end()) ^ record.number()) * 0x9E3779B97F4A7C15L + 1);
        records.add(record);
    }

    void sync(int position) {
        durable = Math.max(durable, Math.min(position, end()));
    }

    /** Ends before that position. */
    void cutTo(int position) {
        records.subList(position, end()).clear();
        chain.subList(position, chain.size()).clear();
        durable = Math.min(durable, position);
    }

    /** How many of the first records another history has as well. */
    int common(List<Long> other) {
        int common = Math.min(end(), other.size());
        while (common > 0 && !chain.get(common - 1).equals(other.get(common - 1))) {
            common--;
        }
        return common;
    }
}
