package io.godwit.migration;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.util.Optional;

/** The state of a failover at the site that takes the group over. {@link FailoverMachine} owns every transition. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "state")
@JsonSubTypes({
    @JsonSubTypes.Type(value = FailoverState.Deciding.class, name = "deciding"),
    @JsonSubTypes.Type(value = FailoverState.Promoting.class, name = "promoting"),
    @JsonSubTypes.Type(value = FailoverState.Booting.class, name = "booting"),
    @JsonSubTypes.Type(value = FailoverState.Announcing.class, name = "announcing"),
    @JsonSubTypes.Type(value = FailoverState.Alone.class, name = "alone"),
    @JsonSubTypes.Type(value = FailoverState.Completed.class, name = "completed"),
    @JsonSubTypes.Type(value = FailoverState.GivenUp.class, name = "given-up"),
    @JsonSubTypes.Type(value = FailoverState.Replaced.class, name = "replaced"),
})
public sealed interface FailoverState {
    /** The word for this state in commands, reports and documentation. */
    String word();

    /** The group's record is being replaced; nothing has changed yet. {@code at} is the point to go back to, if not the newest. */
    record Deciding(Term term, Optional<Position> at) implements FailoverState {
        @Override
        public String word() {
            return "deciding";
        }
    }

    /** The group is this site's under {@code term}, whatever happens next; its replica is being made the primary. */
    record Promoting(Term term, Optional<Position> at) implements FailoverState {
        @Override
        public String word() {
            return "promoting";
        }
    }

    /** The disks may be written; what the former owner had shipped ends at {@code end}. The machines are booted, one after the other. */
    record Booting(Term term, Position end) implements FailoverState {
        @Override
        public String word() {
            return "booting";
        }
    }

    record Announcing(Term term, Position end) implements FailoverState {
        @Override
        public String word() {
            return "announcing";
        }
    }

    /** Everything runs here; the former owner has not been heard of, and the group has no replica until it is. */
    record Alone(Term term, Position end) implements FailoverState {
        @Override
        public String word() {
            return "alone";
        }
    }

    /** The former owner follows, and has caught up. */
    record Completed(Term term, Position end) implements FailoverState {
        @Override
        public String word() {
            return "completed";
        }
    }

    /** Nothing was changed. */
    record GivenUp(String reason) implements FailoverState {
        @Override
        public String word() {
            return "given-up";
        }
    }

    /** The other site has a newer term by now: somebody decided again. */
    record Replaced() implements FailoverState {
        @Override
        public String word() {
            return "replaced";
        }
    }

    /** Whether nothing follows from this state any more. */
    default boolean ended() {
        return switch (this) {
            case Deciding _, Promoting _, Booting _, Announcing _, Alone _ -> false;
            case Completed _, GivenUp _, Replaced _ -> true;
        };
    }

    /** Whether the service does not run here yet, and is going to. */
    default boolean underWay() {
        return switch (this) {
            case Deciding _, Promoting _, Booting _, Announcing _ -> true;
            case Alone _, Completed _, GivenUp _, Replaced _ -> false;
        };
    }
}
