package io.godwit.quorum;

import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.quorum.QuorumCommand.Rate;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A {@link SyncPromise} for each replica of a group that one run of a site's daemon owns. They begin with what the voters believe when that
 * run's tenure of a term begins, once: from then on nobody but this run rates replicas, and a later answer to what it had asked before
 * doesn't know of ratings that are under way.
 *
 * @param term that was begun; empty before the first
 */
public record Promises(Optional<Term> term, SortedMap<SiteName, SyncPromise> byReplica) {
    public static final Promises NONE = new Promises(Optional.empty(), new TreeMap<>());

    public Promises {
        byReplica = Collections.unmodifiableSortedMap(new TreeMap<>(byReplica));
    }

    /** On {@link TenureEffect.Begin}. */
    public Promises begun(Ownership now) {
        if (term.filter(now.term()::equals).isPresent()) {
            return this;
        }
        SortedMap<SiteName, SyncPromise> fresh = new TreeMap<>();
        now.standbys().forEach((site, readiness) -> fresh.put(site, SyncPromise.after(readiness)));
        return new Promises(Optional.of(now.term()), fresh);
    }

    /** Before a rating is sent; what results holds for every acknowledgement from then on. */
    public Promises sending(Rate rate) {
        return with(rate.standby(), promise(rate.standby()).sending(rate));
    }

    /** After the answer to a rating which this run sent, whenever it came. */
    public Promises answered(Rate rate, QuorumAnswer answer) {
        return term.filter(rate.by().term()::equals).isPresent()
                ? with(rate.standby(), promise(rate.standby()).answered(rate, answer))
                : this;
    }

    /** What that replica means for acknowledgements; before anything was begun, nothing is acknowledged. */
    public SyncPromise.Mode mode(SiteName replica) {
        return term.isEmpty() ? SyncPromise.Mode.PARTING : promise(replica).mode();
    }

    private SyncPromise promise(SiteName replica) {
        return byReplica.getOrDefault(replica, SyncPromise.after(Readiness.UNFIT));
    }

    private Promises with(SiteName replica, SyncPromise promise) {
        SortedMap<SiteName, SyncPromise> changed = new TreeMap<>(byReplica);
        changed.put(replica, promise);
        return new Promises(term, changed);
    }
}
