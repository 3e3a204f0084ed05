package io.godwit.lab;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.util.regex.Pattern;

/** The name of a lab on this machine: 1 to 16 lower-case letters, digits and inner hyphens, short so that socket paths stay short. */
public record LabName(@JsonValue String value) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,14}[a-z0-9])?");

    @JsonCreator
    public LabName {
        if (!NAME.matcher(value).matches()) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "'%s' cannot name a lab: use 1 to 16 lower-case letters, digits and inner hyphens"
                            .formatted(value));
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
