package io.godwit.quorum;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.Term;

/** What a site asks the voters to agree on. Each may arrive late, twice or never; {@link QuorumState} makes that harmless. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "command")
@JsonSubTypes({
    @JsonSubTypes.Type(value = QuorumCommand.Register.class, name = "register"),
    @JsonSubTypes.Type(value = QuorumCommand.TakeUp.class, name = "take-up"),
    @JsonSubTypes.Type(value = QuorumCommand.Renew.class, name = "renew"),
    @JsonSubTypes.Type(value = QuorumCommand.Rate.class, name = "rate"),
    @JsonSubTypes.Type(value = QuorumCommand.Offer.class, name = "offer"),
    @JsonSubTypes.Type(value = QuorumCommand.Accept.class, name = "accept"),
    @JsonSubTypes.Type(value = QuorumCommand.Resume.class, name = "resume"),
    @JsonSubTypes.Type(value = QuorumCommand.Release.class, name = "release"),
    @JsonSubTypes.Type(value = QuorumCommand.Retire.class, name = "retire"),
    @JsonSubTypes.Type(value = QuorumCommand.Claim.class, name = "claim"),
})
public sealed interface QuorumCommand {
    GroupName group();

    /** The site that gives the command. */
    SiteName site();

    /** What an owner says about what it holds. */
    sealed interface OfOwner extends QuorumCommand {
        Holding by();

        @Override
        default GroupName group() {
            return by().group();
        }

        @Override
        default SiteName site() {
            return by().site();
        }
    }

    /** A group begins to be decided here, with an owner that nobody disputes: the site that protects it, in the term that it has. */
    record Register(GroupName group, SiteName site, Session session, Term term, int leaseMillis)
            implements QuorumCommand {
        public Register {
            if (leaseMillis < Ownership.MIN_LEASE_MILLIS || leaseMillis > Ownership.MAX_LEASE_MILLIS) {
                throw new IllegalArgumentException("a lease lasts %d to %d ms, not %d"
                        .formatted(Ownership.MIN_LEASE_MILLIS, Ownership.MAX_LEASE_MILLIS, leaseMillis));
            }
        }
    }

    /** The owner's daemon was started anew, and goes on where the number it has seen was the last. */
    record TakeUp(GroupName group, SiteName site, Session session, Term term, long seenNumber)
            implements QuorumCommand {}

    /** The owner is alive. Granted, it may serve for a lease from when it sent this. */
    record Renew(Holding by) implements OfOwner {}

    /**
     * What another site's replica is good for. An owner that goes on without a replica for which it had made flushes wait must have had this
     * granted <em>before</em> it acknowledges a write that the replica lacks.
     */
    record Rate(Holding by, SiteName standby, Readiness readiness) implements OfOwner {}

    /** The owner has stopped and lets that site take the group: the hand-over of a planned move. */
    record Offer(Holding by, SiteName to) implements OfOwner {}

    /** The owner goes on after it had stopped: an offer that nobody has accepted is taken back, and this counts as a renewal. */
    record Resume(Holding by) implements OfOwner {}

    /** The owner has stopped and names no successor: whoever is fit may claim the group without waiting. */
    record Release(Holding by) implements OfOwner {}

    /** The group is dissolved. */
    record Retire(Holding by) implements OfOwner {}

    /** The site to which a group was offered takes it, if that offer, by its number, still stands. */
    record Accept(GroupName group, SiteName site, Session session, Term seenTerm, long seenNumber)
            implements QuorumCommand {}

    /**
     * A site that has waited out the lease takes the group, if nothing has changed since the command whose number it saw.
     *
     * @param acceptingLoss whether a replica that is {@link Readiness#BEHIND} is good enough
     */
    record Claim(GroupName group, SiteName site, Session session, Term seenTerm, long seenNumber, boolean acceptingLoss)
            implements QuorumCommand {}
}
