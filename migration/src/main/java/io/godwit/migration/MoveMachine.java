package io.godwit.migration;

import io.godwit.migration.MoveEffect.AskOutcome;
import io.godwit.migration.MoveEffect.CopyRound;
import io.godwit.migration.MoveEffect.Drain;
import io.godwit.migration.MoveEffect.Offer;
import io.godwit.migration.MoveEffect.Prepare;
import io.godwit.migration.MoveEffect.ProveSynchronous;
import io.godwit.migration.MoveEffect.Quiesce;
import io.godwit.migration.MoveEffect.Settle;
import io.godwit.migration.MoveEffect.Undo;
import io.godwit.migration.MoveState.Aborted;
import io.godwit.migration.MoveState.Aborting;
import io.godwit.migration.MoveState.Completed;
import io.godwit.migration.MoveState.Draining;
import io.godwit.migration.MoveState.Fenced;
import io.godwit.migration.MoveState.Offered;
import io.godwit.migration.MoveState.PreCopying;
import io.godwit.migration.MoveState.Preparing;
import io.godwit.migration.MoveState.Quiescing;
import io.godwit.migration.MoveState.Settling;
import io.godwit.migration.MoveState.Synchronous;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Decides a planned move at its source, from a state and an event alone. Before {@link Offered}, whatever fails leads to
 * {@link Aborting} and the service goes on here. In {@link Offered} only the target's word counts. After {@link
 * Settling} is reached the service runs there and nothing leads back.
 */
public final class MoveMachine {
    private final PauseBudget budget;

    public MoveMachine(PauseBudget budget) {
        this.budget = budget;
    }

    /** A state to persist, and then what to do. */
    public record Step(MoveState state, List<MoveEffect> effects) {
        static Step to(MoveState state, MoveEffect... effects) {
            return new Step(state, List.of(effects));
        }
    }

    public Step begin() {
        return Step.to(
                new Preparing(Set.of()),
                new Prepare(Subsystem.SERVER),
                new Prepare(Subsystem.STORAGE),
                new Prepare(Subsystem.NETWORK));
    }

    public Step next(MoveState state, MoveEvent event) {
        return switch (state) {
            case Preparing preparing -> preparing(preparing, event);
            case Draining draining ->
                event instanceof MoveEvent.Drained
                        ? Step.to(new Synchronous(), new ProveSynchronous())
                        : beforeTheOffer(draining, event);
            case Synchronous synchronous ->
                event instanceof MoveEvent.SynchronousProved
                        ? Step.to(new PreCopying(List.of()), new CopyRound(1))
                        : beforeTheOffer(synchronous, event);
            case PreCopying copying ->
                event instanceof MoveEvent.RoundDone(RoundFacts facts)
                        ? afterRound(copying, facts)
                        : beforeTheOffer(copying, event);
            case Quiescing quiescing ->
                event instanceof MoveEvent.Fenced(var term, var end)
                        ? Step.to(new Fenced(term, end))
                        : beforeTheOffer(quiescing, event);
            case Fenced fenced -> fenced(fenced, event);
            case Offered offered -> offered(offered, event);
            case Settling settling -> settling(settling, event);
            case Aborting aborting -> aborting(aborting, event);
            case Completed completed -> Step.to(completed);
            case Aborted aborted -> Step.to(aborted);
        };
    }

    private static Step preparing(Preparing state, MoveEvent event) {
        if (!(event instanceof MoveEvent.Prepared(Subsystem subsystem))) {
            return beforeTheOffer(state, event);
        }
        EnumSet<Subsystem> ready = EnumSet.of(subsystem);
        ready.addAll(state.ready());
        return ready.size() == Subsystem.values().length
                ? Step.to(new Draining(), new Drain())
                : Step.to(new Preparing(ready));
    }

    private Step afterRound(PreCopying state, RoundFacts facts) {
        List<RoundFacts> rounds = new ArrayList<>(state.rounds());
        rounds.add(facts);
        return switch (budget.judge(rounds)) {
            case COPY_ON -> Step.to(new PreCopying(rounds), new CopyRound(rounds.size() + 1));
            case QUIESCE -> Step.to(new Quiescing(), new Quiesce());
            case GIVE_UP ->
                abort(
                        "the guest changes its memory faster than the link carries it: after %d rounds the pause would still be %d ms"
                                .formatted(rounds.size(), facts.predictedPauseMillis()));
        };
    }

    private static Step fenced(Fenced state, MoveEvent event) {
        Offered offered = new Offered(state.term(), state.end());
        return switch (event) {
            case MoveEvent.Quiesced quiesced -> Step.to(offered, new Offer(state.term(), state.end()));
            case MoveEvent.Restarted restarted -> Step.to(offered, new AskOutcome(state.term()));
            default -> beforeTheOffer(state, event);
        };
    }

    private static Step offered(Offered state, MoveEvent event) {
        return switch (event) {
            case MoveEvent.Taken taken ->
                Step.to(new Settling(state.term(), state.end()), new Settle(state.term(), state.end()));
            case MoveEvent.Refused(String reason) -> abort("the target did not take over: " + reason);
            case MoveEvent.Unanswered unanswered -> Step.to(state, new AskOutcome(state.term()));
            case MoveEvent.Restarted restarted -> Step.to(state, new AskOutcome(state.term()));
            default -> Step.to(state);
        };
    }

    private static Step settling(Settling state, MoveEvent event) {
        return switch (event) {
            case MoveEvent.Settled settled -> Step.to(new Completed(state.term()));
            case MoveEvent.Restarted restarted -> Step.to(state, new Settle(state.term(), state.end()));
            default -> Step.to(state);
        };
    }

    private static Step aborting(Aborting state, MoveEvent event) {
        return switch (event) {
            case MoveEvent.Undone undone -> Step.to(new Aborted(state.reason()));
            case MoveEvent.Restarted restarted -> Step.to(state, new Undo());
            default -> Step.to(state);
        };
    }

    private static Step beforeTheOffer(MoveState state, MoveEvent event) {
        return switch (event) {
            case MoveEvent.Failed(String reason) -> abort(reason);
            case MoveEvent.Refused(String reason) -> abort(reason);
            case MoveEvent.Restarted restarted -> abort("the daemon was restarted in the middle of the move");
            default -> Step.to(state);
        };
    }

    private static Step abort(String reason) {
        return Step.to(new Aborting(reason), new Undo());
    }
}
