package io.godwit.quorum;

import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.quorum.TenureState.Aim;

/** Writes the commands of one run of one site's daemon about one group. */
record Orders(GroupName group, SiteName self, Session session) {
    QuorumCommand register(Term term, int leaseMillis) {
        return new QuorumCommand.Register(group, self, session, term, leaseMillis);
    }

    QuorumCommand takeUp(Ownership seen) {
        return new QuorumCommand.TakeUp(group, self, session, seen.term(), seen.number());
    }

    QuorumCommand claim(Ownership seen, boolean acceptingLoss) {
        return new QuorumCommand.Claim(group, self, session, seen.term(), seen.number(), acceptingLoss);
    }

    QuorumCommand accept(Ownership seen) {
        return new QuorumCommand.Accept(group, self, session, seen.term(), seen.number());
    }

    QuorumCommand renew(Term term, long number) {
        return new QuorumCommand.Renew(by(term, number));
    }

    QuorumCommand resume(Term term, long number) {
        return new QuorumCommand.Resume(by(term, number));
    }

    QuorumCommand rate(Term term, long number, SiteName standby, Readiness readiness) {
        return new QuorumCommand.Rate(by(term, number), standby, readiness);
    }

    QuorumCommand part(Term term, long number, Aim.Part aim) {
        return switch (aim) {
            case Aim.Offer(SiteName to) -> new QuorumCommand.Offer(by(term, number), to);
            case Aim.Release release -> new QuorumCommand.Release(by(term, number));
            case Aim.Retire retire -> new QuorumCommand.Retire(by(term, number));
        };
    }

    /** Whether this run gave that command, in that term. */
    boolean gave(QuorumCommand.OfOwner order, Term term) {
        Holding by = order.by();
        return by.site().equals(self)
                && by.session().equals(session)
                && by.term().equals(term);
    }

    private Holding by(Term term, long number) {
        return new Holding(group, self, session, term, number);
    }
}
