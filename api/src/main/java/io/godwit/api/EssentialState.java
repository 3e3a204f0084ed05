package io.godwit.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a machine's service can't do without when the machine has lost its memory: a command in the machine that prints it, and one that takes it back
 * from its standard input. Both are run by the guest's agent.
 *
 * @param exporting prints the state; if it doesn't end with 0, what was saved last stays
 * @param importing takes the state after the machine was booted; it is run again until it ends with 0
 * @param everySeconds how often it is saved; {@link #DEFAULT_SECONDS} if nothing is said
 * @param maxSize of the state, which is kept on a disk of twice that; {@link #DEFAULT_SIZE} if nothing is said
 * @param withinSeconds for how long a command may run; {@link #DEFAULT_WITHIN} if nothing is said
 */
public record EssentialState(
        @JsonProperty("export") List<String> exporting,
        @JsonProperty("import") List<String> importing,
        Optional<Integer> everySeconds,
        Optional<ByteCount> maxSize,
        Optional<Integer> withinSeconds) {
    public static final int DEFAULT_SECONDS = 60;
    public static final ByteCount DEFAULT_SIZE = ByteCount.ofMiB(1);
    public static final int DEFAULT_WITHIN = 30;

    private static final int MAX_SECONDS = 86_400;
    private static final int MAX_WITHIN = 600;
    private static final ByteCount MAX_SIZE = ByteCount.ofMiB(2);
    private static final int BLOCK_BYTES = 4096;

    public EssentialState {
        if (exporting == null || importing == null) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "essential state needs \"export\" and \"import\", commands in the machine");
        }
        exporting = List.copyOf(exporting);
        importing = List.copyOf(importing);
        GuestCommand.require("what exports essential state", exporting);
        GuestCommand.require("what imports essential state", importing);
        requireSeconds("is saved every", everySeconds, MAX_SECONDS);
        requireSeconds("is saved, or given back, within", withinSeconds, MAX_WITHIN);
        maxSize.filter(size -> size.bytes() < 1 || size.compareTo(MAX_SIZE) > 0).ifPresent(size -> {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "essential state has a maxSize of 1 byte to %s, not %s".formatted(MAX_SIZE, size));
        });
    }

    private static void requireSeconds(String what, Optional<Integer> seconds, int most) {
        seconds.filter(wished -> wished < 1 || wished > most).ifPresent(wished -> {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "essential state %s 1 to %d s, not %d".formatted(what, most, wished));
        });
    }

    public Duration period() {
        return Duration.ofSeconds(everySeconds.orElse(DEFAULT_SECONDS));
    }

    public Duration within() {
        return Duration.ofSeconds(withinSeconds.orElse(DEFAULT_WITHIN));
    }

    /** The most that is kept, a multiple of 4096 bytes. */
    public ByteCount capacity() {
        long wanted = maxSize.orElse(DEFAULT_SIZE).bytes();
        return new ByteCount((wanted + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES);
    }
}
