package io.godwit.site.tenure;

import io.godwit.core.Term;
import io.godwit.quorum.Ownership;
import io.godwit.quorum.QuorumCommand.Rate;

/** What a site does for one group as its {@link TenureDriver} says. */
public interface TenureDuties {
    /** The edge lets the group's machines be heard until then; must not block. */
    void allow(long untilNanos);

    /** The edge lets nothing of the group's machines out any more; must not block, and need not be so yet when this returns. */
    void revoke();

    /** The group is this site's, in that term: it is served, if it isn't yet. Not asked again: it is tried until it works or isn't so any more. */
    void serve(Term term) throws InterruptedException;

    /** Stops the machines; returns whether the edge lets nothing of them out any more. Disks answer nothing already. */
    boolean stop(Term term) throws InterruptedException;

    /** Another site owns the group: ends what runs here under an older term. */
    void giveWay(Ownership now) throws InterruptedException;

    /** Whether that rating is still true, now that {@link TenureDriver#promises} already counts on it; it is not sent otherwise. */
    boolean stands(Rate rating) throws InterruptedException;
}
