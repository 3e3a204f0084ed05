package io.godwit.cli;

import io.godwit.api.PointWish;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which point in which group's past is meant. */
final class PointArguments {
    private static final Pattern SPAN = Pattern.compile("(\\d{1,9})([smhd])");

    @Parameters(index = "0", paramLabel = "GROUP", description = "The protection group.")
    private String group = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "POINT",
            description = "A position, the name of a mark, newest or oldest.")
    private @Nullable String point;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "The last state known to be complete at that time, as 2026-11-24T10:00:00Z.")
    private @Nullable String at;

    @Option(names = "--ago", paramLabel = "SPAN", description = "The same, so long ago: 90s, 5m, 2h, 1d.")
    private @Nullable String ago;

    GroupName group() {
        return new GroupName(group);
    }

    PointWish wish() {
        int ways = (point == null ? 0 : 1) + (at == null ? 0 : 1) + (ago == null ? 0 : 1);
        if (ways != 1) {
            throw refusal("name the point in one way: POINT, --at or --ago");
        }
        if (point != null) {
            return PointWish.parse(point);
        }
        return PointWish.at(at == null ? Instant.now().minus(span(String.valueOf(ago))) : time(at));
    }

    static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException wrong) {
            throw refusal("'%s' is not a time: write it as 2026-11-24T10:00:00Z".formatted(text));
        }
    }

    /** Such as {@code 5m}. */
    static Duration span(String text) {
        Matcher matcher = SPAN.matcher(text);
        if (!matcher.matches()) {
            throw refusal("'%s' is not a span of time: write it as 90s, 5m, 2h or 1d".formatted(text));
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    private static GodwitException refusal(String sentence) {
        return new GodwitException(ErrorCode.BAD_INPUT, sentence);
    }
}
