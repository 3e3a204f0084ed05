package io.godwit.core;

import java.util.regex.Pattern;

/** The one rule for the names that users give to things. */
final class Names {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");

    private Names() {}

    static void check(String kind, String value) {
        if (!NAME.matcher(value).matches()) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "'%s' cannot name a %s: use 1 to 32 lower-case letters, digits and inner hyphens"
                            .formatted(value, kind));
        }
    }
}
