package io.godwit.migration;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.util.List;
import java.util.Set;

/** The state of a move at its source: each carries only what it needs. {@link MoveMachine} owns every transition. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "state")
@JsonSubTypes({
    @JsonSubTypes.Type(value = MoveState.Preparing.class, name = "preparing"),
    @JsonSubTypes.Type(value = MoveState.Draining.class, name = "draining"),
    @JsonSubTypes.Type(value = MoveState.Synchronous.class, name = "synchronous"),
    @JsonSubTypes.Type(value = MoveState.PreCopying.class, name = "precopying"),
    @JsonSubTypes.Type(value = MoveState.Quiescing.class, name = "quiescing"),
    @JsonSubTypes.Type(value = MoveState.Fenced.class, name = "fenced"),
    @JsonSubTypes.Type(value = MoveState.Offered.class, name = "offered"),
    @JsonSubTypes.Type(value = MoveState.Settling.class, name = "settling"),
    @JsonSubTypes.Type(value = MoveState.Completed.class, name = "completed"),
    @JsonSubTypes.Type(value = MoveState.Aborting.class, name = "aborting"),
    @JsonSubTypes.Type(value = MoveState.Aborted.class, name = "aborted"),
})
public sealed interface MoveState {
    Phase phase();

    /** Whether a restart finds out the same from {@code earlier}, so that this state needn't be persisted after it. */
    default boolean isRecalledFrom(MoveState earlier) {
        return this instanceof Offered(Term term, Position end) && earlier.equals(new Fenced(term, end));
    }

    /** <em>Migration imminent</em>: server, storage and network prepare side by side; {@code ready} have finished. */
    record Preparing(Set<Subsystem> ready) implements MoveState {
        public Preparing {
            ready = Set.copyOf(ready);
        }

        @Override
        public Phase phase() {
            return Phase.IMMINENT;
        }
    }

    /** What is not yet at the target is being shipped; from the drained position on, flushes wait for the target. */
    record Draining() implements MoveState {
        @Override
        public Phase phase() {
            return Phase.DRAIN;
        }
    }

    /** Replication is synchronous; one position is being seen through to the target's disk to prove it. */
    record Synchronous() implements MoveState {
        @Override
        public Phase phase() {
            return Phase.SYNCHRONOUS;
        }
    }

    /** Changed memory is copied while the guest runs; {@code rounds} is what the finished rounds showed. */
    record PreCopying(List<RoundFacts> rounds) implements MoveState {
        public PreCopying {
            rounds = List.copyOf(rounds);
        }

        @Override
        public Phase phase() {
            return Phase.PRECOPY;
        }
    }

    /** <em>Final switch</em>: traffic diverted, guest stopped, the last of memory and disk on its way. */
    record Quiescing() implements MoveState {
        @Override
        public Phase phase() {
            return Phase.FINAL;
        }
    }

    /**
     * Nothing is written here any more, and the group may be offered at any moment: after a restart the target has to be asked.
     * Written down while the last memory is on its way, so that {@link Offered} needn't be while the guest stands still.
     */
    record Fenced(Term term, Position end) implements MoveState {
        @Override
        public Phase phase() {
            return Phase.FINAL;
        }
    }

    /** The group was offered to the target under {@code term}: it may not run here until the target has refused. */
    record Offered(Term term, Position end) implements MoveState {
        @Override
        public Phase phase() {
            return Phase.OFFERED;
        }
    }

    /** The target has taken the group; what is left is to follow it and to let the routes settle. */
    record Settling(Term term, Position end) implements MoveState {
        @Override
        public Phase phase() {
            return Phase.COMMITTED;
        }
    }

    record Completed(Term term) implements MoveState {
        @Override
        public Phase phase() {
            return Phase.COMPLETED;
        }
    }

    /** Everything is being put back so that the service goes on here. */
    record Aborting(String reason) implements MoveState {
        @Override
        public Phase phase() {
            return Phase.ABORTING;
        }
    }

    record Aborted(String reason) implements MoveState {
        @Override
        public Phase phase() {
            return Phase.ABORTED;
        }
    }
}
