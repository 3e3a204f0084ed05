package io.godwit.quorum;

import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.quorum.QuorumAnswer.Granted;
import io.godwit.quorum.QuorumAnswer.Refused;
import io.godwit.quorum.TenureEvent.Answered;
import io.godwit.quorum.TenureEvent.Seen;
import io.godwit.quorum.TenureState.Aim;
import io.godwit.quorum.TenureState.Asking;
import io.godwit.quorum.TenureState.Away;
import io.godwit.quorum.TenureState.Lapsed;
import io.godwit.quorum.TenureState.Offered;
import io.godwit.quorum.TenureState.Parting;
import io.godwit.quorum.TenureState.Serving;
import io.godwit.quorum.TenureState.Stopping;
import java.util.Optional;

/**
 * Decides about one site's tenure of one group, from a state, an event and the time on the site's own clock.
 *
 * <pre>
 *             register, claim, accept, take up             granted
 *   Away ─────────────────────────────────────▶ Asking ───────────────▶ Serving ⟲ renewals
 *    ▲ ▲                                          │ refused: see owner    │ lease runs out      │ offer, release, retire
 *    │ └──────────────────────────────────────────┘                       ▼                     ▼
 *    │                     Lapsed ◀───────────────────────────────── Stopping ──────────▶ Parting
 *    │ another owner         │ a renewal is granted ──▶ Serving                              │ granted
 *    └───────────────────────┴───────────────────────────────────────────────── Offered ◀────┘
 * </pre>
 *
 * Nothing is given up but from Stopping, whatever this run has served itself: guests outlive the daemon, and so does what an edge was
 * allowed for them by a run that was killed.
 *
 * Nothing is served unless a lease that was counted from when it was asked for lasts. Whatever this process believed before it was
 * paused, the first thing that it does afterwards is compared with the clock; and the disks compare for themselves, because {@link
 * TenureEffect.Allow} tells them until when. The clock must count the time for which the host was suspended.
 */
public final class TenureMachine {
    private final Orders orders;
    private final Margins margins;

    public TenureMachine(GroupName group, SiteName self, Session session, Margins margins) {
        this.orders = new Orders(group, self, session);
        this.margins = margins;
    }

    public TenureStep next(TenureState state, TenureEvent event, long now) {
        return switch (state) {
            case Away away -> away(away, event, now);
            case Asking asking -> asking(asking, event, now);
            case Serving serving -> inTime(serving(serving, event, now), now);
            case Stopping stopping -> stopping(stopping, event, now);
            case Lapsed lapsed -> lapsed(lapsed, event, now);
            case Parting parting -> parting(parting, event, now);
            case Offered offered -> offered(offered, event, now);
        };
    }

    /** When the next tick is due, on the site's own clock. */
    public long wakeNanos(TenureState state, long now) {
        long every = margins.renewEvery().toNanos();
        return switch (state) {
            case Serving(Term term, Renewals renewals) -> {
                long renew = renewals.lastSentNanos() + every;
                long stop = renewals.untilNanos() - margins.stop().toNanos();
                yield renew - stop < 0 ? renew : stop;
            }
            case Asking asking -> asking.lastSentNanos() + every;
            case Parting parting -> parting.lastSentNanos() + every;
            case Lapsed lapsed -> lapsed.renewals().lastSentNanos() + every;
            case Away away -> now + every;
            case Stopping stopping -> now + every;
            case Offered offered -> now + every;
        };
    }

    private TenureStep away(Away state, TenureEvent event, long now) {
        return switch (event) {
            case Seen(Ownership seen) -> settle(state, seen, now);
            case TenureEvent.RegisterWish(Term term, int lease) -> ask(state, orders.register(term, lease), now);
            case TenureEvent.ClaimWish(Ownership seen, boolean loss) -> ask(state, orders.claim(seen, loss), now);
            case TenureEvent.AcceptWish(Ownership seen) -> ask(state, orders.accept(seen), now);
            default -> TenureStep.to(state);
        };
    }

    private static TenureStep ask(Away before, QuorumCommand command, long now) {
        return TenureStep.to(new Asking(before, command, now, now), new TenureEffect.Submit(command));
    }

    /** What follows from how a group stands, for a site that serves nothing of it. */
    private TenureStep settle(Away away, Ownership seen, long now) {
        if (!seen.owner().equals(orders.self())) {
            long term = seen.term().value();
            return term > away.fenced()
                    ? TenureStep.to(new Away(term, away.number()), new TenureEffect.Fence(seen))
                    : TenureStep.to(away);
        }
        long number = Math.max(away.number(), seen.number());
        return switch (seen.standing()) {
            case Standing.Retired retired -> TenureStep.to(away);
            case Standing.Held held
            when !seen.session().equals(orders.session()) -> ask(away, orders.takeUp(seen), now);
            case Standing.Offered offered
            when !seen.session().equals(orders.session()) -> ask(away, orders.takeUp(seen), now);
            case Standing.Held held ->
                TenureStep.to(away, new TenureEffect.Begin(seen)).then(goOn(seen.term(), number, now));
            case Standing.Offered(SiteName to) ->
                TenureStep.to(new Offered(seen.term(), number, to), new TenureEffect.Begin(seen));
            case Standing.Released released -> TenureStep.to(away);
        };
    }

    private TenureStep asking(Asking state, TenureEvent event, long now) {
        return switch (event) {
            case TenureEvent.Tick tick
            when isDue(state.lastSentNanos(), now) ->
                TenureStep.to(
                        new Asking(state.before(), state.command(), state.sentNanos(), now),
                        new TenureEffect.Submit(state.command()));
            case Answered(QuorumCommand command, QuorumAnswer answer)
            when command.equals(state.command()) -> answered(state, answer, now);
            default -> TenureStep.to(state);
        };
    }

    private TenureStep answered(Asking state, QuorumAnswer answer, long now) {
        Away before = state.before();
        return switch (answer) {
            case Granted(Ownership given)
            when given.standing() instanceof Standing.Held && given.isOf(orders.self(), orders.session()) ->
                TenureStep.to(state, new TenureEffect.Begin(given)).then(begin(given.term(), since(given, state), now));
            case Granted(Ownership given) -> settle(before, given, now);
            case Refused(Refusal why, Optional<Ownership> seen) -> settleIfAny(before, seen, now);
        };
    }

    private static Renewals since(Ownership given, Asking asked) {
        long number = Math.max(given.number(), asked.before().number());
        return Renewals.since(number, asked.sentNanos(), given.lease().toNanos());
    }

    private TenureStep settleIfAny(Away away, Optional<Ownership> seen, long now) {
        return seen.map(found -> settle(away, found, now)).orElseGet(() -> TenureStep.to(away));
    }

    private TenureStep serving(Serving state, TenureEvent event, long now) {
        Term term = state.term();
        return switch (event) {
            case TenureEvent.Tick tick
            when isDue(state.renewals().lastSentNanos(), now) -> {
                Renewals sent = state.renewals().sent(now);
                yield TenureStep.to(
                        new Serving(term, sent), new TenureEffect.Submit(orders.renew(term, sent.lastNumber())));
            }
            case Answered(QuorumCommand.OfOwner order, QuorumAnswer answer)
            when orders.gave(order, term) -> answered(state, order, answer);
            case Seen(Ownership seen) when isDeposedBy(seen, term) -> stop(state, new Aim.Yield(seen));
            case TenureEvent.RateWish(SiteName standby, Readiness readiness) -> {
                Renewals sent = state.renewals().sent(now);
                yield TenureStep.to(
                        new Serving(term, sent),
                        new TenureEffect.Submit(orders.rate(term, sent.lastNumber(), standby, readiness)));
            }
            case TenureEvent.OfferWish(SiteName to) -> stop(state, new Aim.Offer(to));
            case TenureEvent.ReleaseWish wish -> stop(state, new Aim.Release());
            case TenureEvent.RetireWish wish -> stop(state, new Aim.Retire());
            default -> TenureStep.to(state);
        };
    }

    /** Whatever happened, a lease that has too little of a rest is one that ran out. */
    private TenureStep inTime(TenureStep step, long now) {
        return step.state() instanceof Serving serving && serving.renewals().mustStopAt(now, margins)
                ? step.then(stop(serving, new Aim.Lapse()))
                : step;
    }

    private TenureStep answered(Serving state, QuorumCommand.OfOwner order, QuorumAnswer answer) {
        return switch (answer) {
            case Granted(Ownership given) -> {
                Renewals longer = state.renewals()
                        .granted(order.by().number(), given.lease().toNanos());
                Serving serving = new Serving(state.term(), longer);
                yield longer.untilNanos() == state.renewals().untilNanos()
                        ? TenureStep.to(serving)
                        : TenureStep.to(serving, allow(serving));
            }
            case Refused(Refusal why, Optional<Ownership> seen)
            when why == Refusal.OVERTAKEN ->
                TenureStep.to(new Serving(state.term(), state.renewals().exceeding(seen)));
            case Refused(Refusal why, Optional<Ownership> seen) ->
                seen.filter(other -> isDeposedBy(other, state.term()))
                        .map(other -> stop(state, new Aim.Yield(other)))
                        .orElseGet(() -> stop(state, new Aim.Lapse()));
        };
    }

    private static TenureStep stop(Serving state, Aim aim) {
        return stop(state.term(), state.renewals().lastNumber(), aim);
    }

    /** Also where this run serves nothing: what an earlier run allowed may not be over yet. */
    private static TenureStep stop(Term term, long number, Aim aim) {
        return TenureStep.to(new Stopping(term, number, aim), new TenureEffect.Stop(term));
    }

    private TenureStep stopping(Stopping state, TenureEvent event, long now) {
        return switch (event) {
            case TenureEvent.Stopped stopped -> stopped(state, now);
            case Seen(Ownership seen) when isDeposedBy(seen, state.term()) -> aimAt(state, new Aim.Yield(seen));
            case TenureEvent.OfferWish(SiteName to) -> aimAt(state, new Aim.Offer(to));
            case TenureEvent.ReleaseWish wish -> aimAt(state, new Aim.Release());
            case TenureEvent.RetireWish wish -> aimAt(state, new Aim.Retire());
            case TenureEvent.WithdrawWish wish -> aimAt(state, new Aim.Lapse());
            default -> TenureStep.to(state);
        };
    }

    private static TenureStep aimAt(Stopping state, Aim aim) {
        return state.aim() instanceof Aim.Yield
                ? TenureStep.to(state)
                : TenureStep.to(new Stopping(state.term(), state.number(), aim));
    }

    private TenureStep stopped(Stopping state, long now) {
        return switch (state.aim()) {
            case Aim.Lapse lapse -> goOn(state.term(), state.number(), now);
            case Aim.Yield(Ownership to) -> settle(new Away(0, state.number()), to, now);
            case Aim.Part part -> part(state.term(), state.number(), part, now);
        };
    }

    private TenureStep lapsed(Lapsed state, TenureEvent event, long now) {
        long number = state.renewals().lastNumber();
        return switch (event) {
            case TenureEvent.Tick tick when isDue(state.renewals().lastSentNanos(), now) -> resume(state, now);
            case Answered(QuorumCommand.OfOwner order, QuorumAnswer answer)
            when orders.gave(order, state.term()) -> answered(state, order, answer, now);
            case Seen(Ownership seen) when isDeposedBy(seen, state.term()) -> settle(new Away(0, number), seen, now);
            case TenureEvent.OfferWish(SiteName to) -> stop(state.term(), number, new Aim.Offer(to));
            case TenureEvent.ReleaseWish wish -> stop(state.term(), number, new Aim.Release());
            case TenureEvent.RetireWish wish -> stop(state.term(), number, new Aim.Retire());
            default -> TenureStep.to(state);
        };
    }

    private TenureStep answered(Lapsed state, QuorumCommand.OfOwner order, QuorumAnswer answer, long now) {
        Renewals renewals = state.renewals();
        return switch (answer) {
            case Granted(Ownership given) ->
                begin(
                        state.term(),
                        renewals.granted(order.by().number(), given.lease().toNanos()),
                        now);
            case Refused(Refusal why, Optional<Ownership> seen)
            when why == Refusal.OVERTAKEN -> TenureStep.to(new Lapsed(state.term(), renewals.exceeding(seen)));
            case Refused(Refusal why, Optional<Ownership> seen) ->
                ended(why) ? settleIfOthers(renewals.lastNumber(), seen, now) : TenureStep.to(state);
        };
    }

    /** Whether such a refusal means that this run's tenure is over. */
    private static boolean ended(Refusal why) {
        return switch (why) {
            case NOT_THE_OWNER, ANOTHER_RUN, UNKNOWN, RELEASED -> true;
            case REGISTERED, FULL, OVERTAKEN, OFFERED, NOT_OFFERED, CHANGED, ITS_OWN, NO_REPLICA -> false;
        };
    }

    private TenureStep settleIfOthers(long number, Optional<Ownership> seen, long now) {
        Optional<Ownership> others = seen.filter(other -> !other.owner().equals(orders.self()));
        return settleIfAny(new Away(0, number), others, now);
    }

    private TenureStep goOn(Term term, long number, long now) {
        return resume(new Lapsed(term, Renewals.none(number, now)), now);
    }

    private TenureStep resume(Lapsed state, long now) {
        Renewals sent = state.renewals().sent(now);
        return TenureStep.to(
                new Lapsed(state.term(), sent),
                new TenureEffect.Submit(orders.resume(state.term(), sent.lastNumber())));
    }

    /** Serves, if the lease has enough of a rest; else asks on. */
    private TenureStep begin(Term term, Renewals renewals, long now) {
        Serving serving = new Serving(term, renewals);
        return renewals.mustStopAt(now, margins)
                ? TenureStep.to(new Lapsed(term, renewals))
                : TenureStep.to(serving, allow(serving), new TenureEffect.Serve(term));
    }

    private TenureEffect allow(Serving state) {
        long until = state.renewals().untilNanos() - margins.guard().toNanos();
        return new TenureEffect.Allow(state.term(), until);
    }

    private TenureStep part(Term term, long number, Aim.Part aim, long now) {
        return send(new Parting(term, number + 1, number + 1, aim, now));
    }

    private TenureStep send(Parting state) {
        QuorumCommand command = orders.part(state.term(), state.number(), state.aim());
        return TenureStep.to(state, new TenureEffect.Submit(command));
    }

    private TenureStep parting(Parting state, TenureEvent event, long now) {
        return switch (event) {
            case TenureEvent.Tick tick
            when isDue(state.lastSentNanos(), now) ->
                send(new Parting(state.term(), state.firstNumber(), state.number() + 1, state.aim(), now));
            case Answered(QuorumCommand.OfOwner order, QuorumAnswer answer)
            when orders.gave(order, state.term()) && order.by().number() >= state.firstNumber() ->
                answered(state, answer, now);
            case Seen(Ownership seen)
            when isDeposedBy(seen, state.term()) -> settle(new Away(0, state.number()), seen, now);
            case TenureEvent.WithdrawWish wish -> goOn(state.term(), state.number(), now);
            default -> TenureStep.to(state);
        };
    }

    private TenureStep answered(Parting state, QuorumAnswer answer, long now) {
        Away away = new Away(0, state.number());
        return switch (answer) {
            case Granted(Ownership given) ->
                given.standing() instanceof Standing.Offered ? settle(away, given, now) : TenureStep.to(away);
            case Refused(Refusal why, Optional<Ownership> seen)
            when why == Refusal.OFFERED -> settleIfAny(away, seen, now);
            case Refused(Refusal why, Optional<Ownership> seen) ->
                ended(why) ? settleIfOthers(state.number(), seen, now) : TenureStep.to(state);
        };
    }

    private TenureStep offered(Offered state, TenureEvent event, long now) {
        return switch (event) {
            case Seen(Ownership seen)
            when isDeposedBy(seen, state.term()) -> settle(new Away(0, state.number()), seen, now);
            case TenureEvent.WithdrawWish wish -> goOn(state.term(), state.number(), now);
            default -> TenureStep.to(state);
        };
    }

    private boolean isDue(long lastSentNanos, long now) {
        return now - lastSentNanos >= margins.renewEvery().toNanos();
    }

    /** What is seen may be of long ago; a later term, or the end of the group, can't be undone. */
    private static boolean isDeposedBy(Ownership seen, Term term) {
        return term.isOlderThan(seen.term())
                || (seen.term().equals(term) && seen.standing() instanceof Standing.Retired);
    }
}
