package io.godwit.quorum;

import io.godwit.core.Term;

/** What a site does about its tenure. Its order matters: effects are begun as they stand in a list. */
public sealed interface TenureEffect {
    /**
     * This run's tenure of a term begins, or may have begun before: what the voters believe of the replicas binds it from now on, see {@link
     * Promises}. Comes before the first {@link Serve} of a term.
     */
    record Begin(Ownership now) implements TenureEffect {}

    /** Send a command to the voters and report the answer, if there is one; don't wait for it. */
    record Submit(QuorumCommand command) implements TenureEffect {}

    /** Disks may acknowledge, and the edge may let packets out, until then on the site's own clock. Never later than was said last by a whole lease. */
    record Allow(Term term, long untilNanos) implements TenureEffect {}

    /** The group is this site's in that term: serve it, if it isn't served. */
    record Serve(Term term) implements TenureEffect {}

    /**
     * Take back what was allowed, at once, by an earlier run as well; stop guests and disks; report {@link TenureEvent.Stopped}. May come
     * where nothing runs.
     */
    record Stop(Term term) implements TenureEffect {}

    /** The group is another's: what runs here under an older term is to be ended, not only stopped. */
    record Fence(Ownership now) implements TenureEffect {}
}
