package io.godwit.quorum;

import io.godwit.core.SiteName;
import io.godwit.core.Term;

/** What happens to a site's tenure of a group. */
public sealed interface TenureEvent {
    /** Time has passed. Comes at least as often as {@link TenureMachine#wakeNanos} asks for; nothing depends on it being punctual. */
    record Tick() implements TenureEvent {}

    /** The voters' answer to a command, whenever it came. */
    record Answered(QuorumCommand command, QuorumAnswer answer) implements TenureEvent {}

    /** This site's own voter applied something, or was started: so the group stands now, or a moment ago. */
    record Seen(Ownership now) implements TenureEvent {}

    /** Guests and disks of the group stand still, and will until they are told to serve. */
    record Stopped() implements TenureEvent {}

    /** The site protects a group that no voter knows. */
    record RegisterWish(Term term, int leaseMillis) implements TenureEvent {}

    /** The lease of what was seen has been waited out, and the group shall be served here. */
    record ClaimWish(Ownership seen, boolean acceptingLoss) implements TenureEvent {}

    /** What was offered here shall be taken. */
    record AcceptWish(Ownership seen) implements TenureEvent {}

    /** What another site's replica is good for has changed. Wished again until the site's own voter shows it. */
    record RateWish(SiteName standby, Readiness readiness) implements TenureEvent {}

    record OfferWish(SiteName to) implements TenureEvent {}

    /** An offer that nobody has accepted is to be taken back. */
    record WithdrawWish() implements TenureEvent {}

    record ReleaseWish() implements TenureEvent {}

    record RetireWish() implements TenureEvent {}
}
