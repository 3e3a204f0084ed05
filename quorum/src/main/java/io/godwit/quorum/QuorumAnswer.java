package io.godwit.quorum;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Optional;

/** What the voters made of a command, and how the group stands now. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "answer")
@JsonSubTypes({
    @JsonSubTypes.Type(value = QuorumAnswer.Granted.class, name = "granted"),
    @JsonSubTypes.Type(value = QuorumAnswer.Refused.class, name = "refused"),
})
public sealed interface QuorumAnswer {
    record Granted(Ownership now) implements QuorumAnswer {}

    record Refused(Refusal why, Optional<Ownership> now) implements QuorumAnswer {}

    /** The group as it stands; empty if there is none of that name. */
    default Optional<Ownership> standing() {
        return switch (this) {
            case Granted(Ownership now) -> Optional.of(now);
            case Refused(Refusal why, Optional<Ownership> now) -> now;
        };
    }
}
