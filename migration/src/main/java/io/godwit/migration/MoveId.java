package io.godwit.migration;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.util.UUID;

/** Names one attempt to move a group; never used twice, so that a late message of an old attempt can do no harm. */
public record MoveId(@JsonValue String value) {
    private static final int LENGTH = 36;

    @JsonCreator
    public MoveId {
        if (value.length() != LENGTH) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "'%s' is not the id of a move".formatted(value));
        }
    }

    public static MoveId fresh() {
        return new MoveId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
