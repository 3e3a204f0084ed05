package io.godwit.lab;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.lab.wire.Namespace;
import java.util.Locale;

/** Where things are in a lab; each place is a network namespace of its own. */
public enum Place {
    CLIENT,
    CORE,
    EAST,
    WEST;

    @JsonCreator
    public static Place named(String name) {
        for (Place place : values()) {
            if (place.toString().equals(name)) {
                return place;
            }
        }
        throw new GodwitException(
                ErrorCode.BAD_INPUT, "a lab has no place '%s': there are client, core, east and west".formatted(name));
    }

    public Namespace namespace(LabName lab) {
        return new Namespace("gw-%s-%s".formatted(lab, this));
    }

    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
