package io.godwit.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a group is replicated; {@code docs/modes.md} says what each mode promises.
 *
 * @param maxBytes of the log that the replica may be behind
 * @param maxMillis that the replica may be behind
 * @param rpoMillis what {@link Kind#ADAPTIVE} keeps
 */
public record ReplicationMode(
        Kind kind, ByteCount maxBytes, long maxMillis, AtBound atBound, WhenCut whenCut, long rpoMillis) {
    /** Who waits for the replica. */
    public enum Kind {
        @JsonProperty("async")
        ASYNC,
        @JsonProperty("sync")
        SYNC,
        @JsonProperty("strict")
        STRICT,
        @JsonProperty("adaptive")
        ADAPTIVE
    }

    /** What happens when the replica is behind by more than the bounds. */
    public enum AtBound {
        @JsonProperty("slow")
        SLOW,
        @JsonProperty("alarm")
        ALARM
    }

    /** What happens to those who wait for a replica that cannot be reached. */
    public enum WhenCut {
        @JsonProperty("stall")
        STALL,
        @JsonProperty("degrade")
        DEGRADE
    }

    private static final ByteCount LEAST_BYTES = ByteCount.ofMiB(1);
    private static final ByteCount MOST_BYTES = ByteCount.ofMiB(3 << 10);
    private static final long LEAST_MILLIS = 50;
    private static final long MOST_MILLIS = 24 * 3600 * 1000L;

    /** Made after what its constructor checks against. */
    public static final ReplicationMode DEFAULT =
            new ReplicationMode(Kind.ASYNC, ByteCount.ofMiB(64), 10_000, AtBound.SLOW, WhenCut.STALL, 5_000);

    public ReplicationMode {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(maxBytes, "maxBytes");
        Objects.requireNonNull(atBound, "atBound");
        Objects.requireNonNull(whenCut, "whenCut");
        if (maxBytes.compareTo(LEAST_BYTES) < 0 || maxBytes.compareTo(MOST_BYTES) > 0) {
            throw refusal("the bound in bytes is %s to %s, not %s".formatted(LEAST_BYTES, MOST_BYTES, maxBytes));
        }
        requireMillis("bound in time", maxMillis);
        requireMillis("recovery point objective", rpoMillis);
    }

    private static void requireMillis(String what, long millis) {
        if (millis < LEAST_MILLIS || millis > MOST_MILLIS) {
            throw refusal("the %s is 0.05 s to 86400 s, not %s s".formatted(what, millis / 1000.0));
        }
    }

    /**
     * A change of some of it; what is left out stays.
     *
     * @param kind always given
     */
    public record Wish(
            Kind kind,
            Optional<ByteCount> maxBytes,
            Optional<Long> maxMillis,
            Optional<AtBound> atBound,
            Optional<WhenCut> whenCut,
            Optional<Long> rpoMillis) {
        public Wish {
            Objects.requireNonNull(kind, "kind");
        }
    }

    public ReplicationMode with(Wish wish) {
        return new ReplicationMode(
                wish.kind(),
                wish.maxBytes().orElse(maxBytes),
                wish.maxMillis().orElse(maxMillis),
                wish.atBound().orElse(atBound),
                wish.whenCut().orElse(whenCut),
                wish.rpoMillis().orElse(rpoMillis));
    }

    /** The word for people and programs: {@code async}. */
    public static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a word.
     *
     * @param what it stands for, for the refusal
     * @throws GodwitException BAD_INPUT with the words there are
     */
    public static <E extends Enum<E>> E parse(Class<E> type, String word, String what) {
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> word(value).equals(word))
                .findFirst()
                .orElseThrow(() -> refusal("'%s' is not a %s: write %s".formatted(word, what, words(type))));
    }

    private static <E extends Enum<E>> String words(Class<E> type) {
        return Arrays.stream(type.getEnumConstants()).map(ReplicationMode::word).collect(Collectors.joining(", "));
    }

    private static GodwitException refusal(String sentence) {
        return new GodwitException(ErrorCode.BAD_INPUT, sentence);
    }
}
