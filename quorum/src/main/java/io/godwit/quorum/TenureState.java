package io.godwit.quorum;

import io.godwit.core.SiteName;
import io.godwit.core.Term;

/** How a site stands to one group, as its daemon knows. {@link TenureMachine} owns every transition. */
public sealed interface TenureState {
    /**
     * The group is not this site's, as far as is known.
     *
     * @param fenced the latest term of another owner against which this site was fenced; 0 for none
     * @param number the greatest that this run has used in a command about the group
     */
    record Away(long fenced, long number) implements TenureState {
        public static final Away UNKNOWING = new Away(0, 0);
    }

    /**
     * A claim, an acceptance, a registration, or the wish to go on after a restart was sent and isn't answered.
     *
     * @param sentNanos when it was first sent
     */
    record Asking(Away before, QuorumCommand command, long sentNanos, long lastSentNanos) implements TenureState {}

    /** The group is served here while the lease lasts. */
    record Serving(Term term, Renewals renewals) implements TenureState {}

    /** Guests and disks are being stopped, and then comes what {@code aim} says. */
    record Stopping(Term term, long number, Aim aim) implements TenureState {}

    /**
     * The group is this site's, and this run has no lease: it ran out and everything has stopped, or an earlier run was killed whose guests may
     * be heard until that run's lease is over. Nobody else is known to have taken the group: it is served when a renewal is granted.
     */
    record Lapsed(Term term, Renewals renewals) implements TenureState {}

    /** Everything here has stopped, and the voters are being told that the group is given up. */
    record Parting(Term term, long firstNumber, long number, Aim.Part aim, long lastSentNanos) implements TenureState {}

    /** Another site may take the group; until it has, or the offer is withdrawn, nothing runs here. */
    record Offered(Term term, long number, SiteName to) implements TenureState {}

    /** Why a group is being stopped. */
    sealed interface Aim {
        /** The lease is running out. */
        record Lapse() implements Aim {}

        /** Another owner is known. */
        record Yield(Ownership to) implements Aim {}

        /** The owner wants to part with it. */
        sealed interface Part extends Aim {}

        record Offer(SiteName to) implements Part {}

        record Release() implements Part {}

        record Retire() implements Part {}
    }
}
