package io.godwit.migration;

import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.migration.FailoverState.Alone;
import io.godwit.migration.FailoverState.Announcing;
import io.godwit.migration.FailoverState.Booting;
import io.godwit.migration.FailoverState.Completed;
import io.godwit.migration.FailoverState.Deciding;
import io.godwit.migration.FailoverState.GivenUp;
import io.godwit.migration.FailoverState.Promoting;
import io.godwit.migration.FailoverState.Replaced;
import java.util.Optional;

/**
 * Decides how a failover goes on, from a state and an event alone. Somebody else, an operator or a quorum, has decided that there
 * is to be one.
 *
 * <pre>
 *   DECIDING ──▶ PROMOTING ──▶ BOOTING ──▶ ANNOUNCING ──▶ ALONE ──▶ COMPLETED
 *      │     ▲ commit point: the group's record has the new term      the former owner follows
 *      ▼
 *   GIVEN UP: nothing has changed
 * </pre>
 *
 * A restart before the commit point gives up: what the operator vouched for may have changed meanwhile. After it, it goes on. From every
 * state after it a newer term of the other site leads to {@link Replaced}.
 */
public final class FailoverMachine {
    private FailoverMachine() {}

    /** A state to persist, and then what to do, if anything. */
    public record Step(FailoverState state, Optional<FailoverEffect> effect) {
        static Step to(FailoverState state, FailoverEffect effect) {
            return new Step(state, Optional.of(effect));
        }

        static Step to(FailoverState state) {
            return new Step(state, Optional.empty());
        }
    }

    /**
     * The first step of a failover that was decided.
     *
     * @param at where to go back to; the newest consistent position if empty
     */
    public static Step begin(Term term, Optional<Position> at) {
        return Step.to(new Deciding(term, at), new FailoverEffect.Decide(term));
    }

    public static Step next(FailoverState state, FailoverEvent event) {
        if (event instanceof FailoverEvent.Overtaken && !state.ended()) {
            return Step.to(new Replaced());
        }
        return switch (state) {
            case Deciding(Term term, Optional<Position> at) -> deciding(state, term, at, event);
            case Promoting(Term term, Optional<Position> at) ->
                switch (event) {
                    case FailoverEvent.Promoted(Position end) -> boot(term, end);
                    case FailoverEvent.Restarted _ -> Step.to(state, new FailoverEffect.Promote(term, at));
                    default -> Step.to(state);
                };
            case Booting(Term term, Position end) ->
                switch (event) {
                    case FailoverEvent.Booted _ ->
                        Step.to(new Announcing(term, end), new FailoverEffect.Announce(term));
                    case FailoverEvent.Restarted _ -> boot(term, end);
                    default -> Step.to(state);
                };
            case Announcing(Term term, Position end) ->
                switch (event) {
                    case FailoverEvent.Announced _ ->
                        Step.to(new Alone(term, end), new FailoverEffect.AwaitFollower(term));
                    case FailoverEvent.Restarted _ -> boot(term, end);
                    default -> Step.to(state);
                };
            case Alone(Term term, Position end) ->
                switch (event) {
                    case FailoverEvent.Followed _ -> Step.to(new Completed(term, end));
                    case FailoverEvent.Restarted _ -> Step.to(state, new FailoverEffect.AwaitFollower(term));
                    default -> Step.to(state);
                };
            case Completed _, GivenUp _, Replaced _ -> Step.to(state);
        };
    }

    private static Step deciding(FailoverState state, Term term, Optional<Position> at, FailoverEvent event) {
        return switch (event) {
            case FailoverEvent.Decided _ -> Step.to(new Promoting(term, at), new FailoverEffect.Promote(term, at));
            case FailoverEvent.Refused(String reason) -> Step.to(new GivenUp(reason));
            case FailoverEvent.Restarted _ -> Step.to(state, new FailoverEffect.LookUp(term));
            default -> Step.to(state);
        };
    }

    private static Step boot(Term term, Position end) {
        return Step.to(new Booting(term, end), new FailoverEffect.Boot(term));
    }
}
