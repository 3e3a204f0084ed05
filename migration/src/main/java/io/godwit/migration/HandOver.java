package io.godwit.migration;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.godwit.core.Term;
import io.godwit.migration.HandOver.Refused;
import io.godwit.migration.HandOver.Taken;
import io.godwit.migration.HandOver.Undecided;

/**
 * The target's decision on one move. It is persisted before anything follows from it; {@link Taken} is the commit
 * point. Once decided, a decision never changes: whoever asks later gets the same answer, and to ask while undecided is to
 * make the target refuse, so that the asker may safely go on.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "decision")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Undecided.class, name = "undecided"),
    @JsonSubTypes.Type(value = Taken.class, name = "taken"),
    @JsonSubTypes.Type(value = Refused.class, name = "refused"),
})
public sealed interface HandOver {
    MoveId move();

    record Undecided(MoveId move) implements HandOver {}

    record Taken(MoveId move, Term term) implements HandOver {}

    record Refused(MoveId move, String reason) implements HandOver {}

    /** The offer arrived; {@code obstacle} is empty when the guest is loaded and the disks are complete. */
    default HandOver offered(Term term, String obstacle) {
        return switch (this) {
            case Undecided undecided -> obstacle.isEmpty() ? new Taken(move(), term) : new Refused(move(), obstacle);
            case Taken taken -> taken;
            case Refused refused -> refused;
        };
    }

    /** The source gives up or asks, or this daemon was restarted and has lost the memory that had arrived. */
    default HandOver closed(String reason) {
        return switch (this) {
            case Undecided undecided -> new Refused(move(), reason);
            case Taken taken -> taken;
            case Refused refused -> refused;
        };
    }
}
