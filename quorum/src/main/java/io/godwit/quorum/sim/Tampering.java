package io.godwit.quorum.sim;

import io.godwit.core.Term;
import io.godwit.quorum.Holding;
import io.godwit.quorum.Ownership;
import io.godwit.quorum.QuorumCommand;
import io.godwit.quorum.QuorumState;
import io.godwit.quorum.Session;
import java.util.Optional;

/** Breaks a rule of the voters: changes a command so that it passes as if the rule weren't there. */
final class Tampering {
    private Tampering() {}

    static QuorumCommand with(Mutation mutation, QuorumState state, QuorumCommand command) {
        Optional<Ownership> found = state.find(command.group());
        if (found.isEmpty()) {
            return command;
        }
        Ownership now = found.get();
        return switch (command) {
            case QuorumCommand.Claim claim
            when mutation == Mutation.CHANGES_IGNORED && claim.seenTerm().equals(now.term()) ->
                new QuorumCommand.Claim(
                        claim.group(), claim.site(), claim.session(), now.term(), now.number(), claim.acceptingLoss());
            case QuorumCommand.OfOwner order
            when mutation == Mutation.SESSIONS_IGNORED ->
                by(order, now.session(), order.by().number());
            case QuorumCommand.OfOwner order
            when mutation == Mutation.NUMBERS_IGNORED -> by(order, order.by().session(), now.number() + 1);
            default -> command;
        };
    }

    private static QuorumCommand by(QuorumCommand.OfOwner order, Session session, long number) {
        Term term = order.by().term();
        Holding by = new Holding(order.group(), order.site(), session, term, number);
        return switch (order) {
            case QuorumCommand.Renew renew -> new QuorumCommand.Renew(by);
            case QuorumCommand.Rate rate -> new QuorumCommand.Rate(by, rate.standby(), rate.readiness());
            case QuorumCommand.Offer offer -> new QuorumCommand.Offer(by, offer.to());
            case QuorumCommand.Resume resume -> new QuorumCommand.Resume(by);
            case QuorumCommand.Release release -> new QuorumCommand.Release(by);
            case QuorumCommand.Retire retire -> new QuorumCommand.Retire(by);
        };
    }
}
