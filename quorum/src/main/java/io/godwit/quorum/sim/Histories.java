package io.godwit.quorum.sim;

import io.godwit.core.Term;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the owner of each term has in its log, with all that it took over: the group's history, as that term has it. */
final class Histories {
    private final Map<Term, List<Long>> byTerm = new HashMap<>();
    private long numbers;

    /** The number of a new record. */
    long fresh() {
        return ++numbers;
    }

    /** Who has that log owns the group in a term, and has written its first record. */
    void begun(Term term, Journal owners) {
        byTerm.computeIfAbsent(term, first -> new ArrayList<>(owners.chain()));
    }

    void wrote(Term term, Journal owners) {
        List<Long> history = byTerm.get(term);
        if (history != null) {
            history.add(owners.chainAt(owners.end()));
        }
    }

    /** What the owner of a term lost in a crash has never been. */
    void cut(Term term, int end) {
        List<Long> history = byTerm.getOrDefault(term, List.of());
        if (history.size() > end) {
            history.subList(end, history.size()).clear();
        }
    }

    /** Whether a log is a beginning of the history of its last record's term. */
    boolean agreesWith(Journal journal) {
        if (journal.end() == 0) {
            return true;
        }
        List<Long> history = byTerm.getOrDefault(journal.term().orElseThrow(), List.of());
        return journal.end() <= history.size() && history.get(journal.end() - 1) == journal.chainAt(journal.end());
    }
}
