package io.godwit.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.time.Duration;
import java.util.Optional;

/**
 * How to tell whether a machine's service answers: it accepts a TCP connection at the machine's address.
 *
 * @param everySeconds how often it is tried; {@link #DEFAULT_SECONDS} if nothing is said
 * @param silentSeconds for how long none may be accepted before the service counts as silent; {@link #DEFAULT_SILENT} if nothing is said. A machine that
 *     was booted has {@link #BOOT_PATIENCE} at least
 * @param then what is done about it; {@code tell} if nothing is said
 */
public record ServiceProbe(
        int port, Optional<Integer> everySeconds, Optional<Integer> silentSeconds, Optional<Then> then) {
    public static final int DEFAULT_SECONDS = 5;
    public static final int DEFAULT_SILENT = 30;
    public static final Duration BOOT_PATIENCE = Duration.ofMinutes(3);

    private static final int MAX_PORT = 65_535;
    private static final int MAX_SECONDS = 3_600;

    /** What is done about a service that is silent. */
    public enum Then {
        /** It is said in the status, the metrics and the log. */
        @JsonProperty("tell")
        TELL,
        /** The machine is started again as well, where it is. */
        @JsonProperty("restart")
        RESTART
    }

    public ServiceProbe {
        if (port < 1 || port > MAX_PORT) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "a service has a \"port\" of 1 to " + MAX_PORT);
        }
        requireSeconds("is tried every", everySeconds);
        requireSeconds("may be silent for", silentSeconds);
    }

    private static void requireSeconds(String what, Optional<Integer> seconds) {
        seconds.filter(wished -> wished < 1 || wished > MAX_SECONDS).ifPresent(wished -> {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "a service %s 1 to %d s, not %d".formatted(what, MAX_SECONDS, wished));
        });
    }

    public Duration period() {
        return Duration.ofSeconds(everySeconds.orElse(DEFAULT_SECONDS));
    }

    public Duration patience() {
        return Duration.ofSeconds(silentSeconds.orElse(DEFAULT_SILENT));
    }

    public boolean restarts() {
        return then.filter(Then.RESTART::equals).isPresent();
    }
}
