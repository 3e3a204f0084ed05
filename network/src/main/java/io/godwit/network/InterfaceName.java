package io.godwit.network;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.util.regex.Pattern;

/** The name of a network interface: 1 to 15 lower-case letters, digits, hyphens or dots, beginning with a letter. */
public record InterfaceName(@JsonValue String value) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9.-]{0,14}");

    @JsonCreator
    public InterfaceName {
        if (!NAME.matcher(value).matches()) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "'%s' cannot name an interface: use 1 to 15 lower-case letters, digits, hyphens or dots"
                            .formatted(value));
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
