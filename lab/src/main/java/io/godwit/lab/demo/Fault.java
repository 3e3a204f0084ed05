package io.godwit.lab.demo;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** One thing that is made to fail, and the phase of the move in which it does. Text form {@code KIND@PHASE}. */
public record Fault(Kind kind, Moment moment) {
    public enum Kind {
        KILL_SOURCE_DAEMON,
        KILL_TARGET_DAEMON,
        KILL_SOURCE_QEMU,
        KILL_TARGET_QEMU,
        LINK_DOWN,
        TARGET_DISK_FULL
    }

    public enum Moment {
        SEEDING,
        DRAIN,
        SYNCHRONOUS,
        PRECOPY,
        FINAL,
        COMMITTED
    }

    public static Fault parse(String text) {
        String[] parts = text.split("@", -1);
        if (parts.length != 2) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "'%s' is not a fault: write KIND@PHASE, such as link-down@precopy".formatted(text));
        }
        return new Fault(choice(Kind.values(), parts[0], "kind of fault"), choice(Moment.values(), parts[1], "phase"));
    }

    /** The phase's word, as the site reports it. */
    public String phase() {
        return word(moment);
    }

    private static <E extends Enum<E>> E choice(E[] values, String text, String what) {
        return Arrays.stream(values)
                .filter(value -> word(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new GodwitException(
                        ErrorCode.BAD_INPUT,
                        "'%s' is not a %s: there are %s"
                                .formatted(
                                        text,
                                        what,
                                        Arrays.stream(values).map(Fault::word).collect(Collectors.joining(", ")))));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        return word(kind) + "@" + word(moment);
    }
}
