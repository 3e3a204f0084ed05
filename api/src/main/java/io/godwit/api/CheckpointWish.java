package io.godwit.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.time.Duration;
import java.util.Optional;

/**
 * How the memory of a group's machines is protected: now and then they stand still for a moment, and what has changed in their memory since is kept at
 * the other site, with the position in the group's log at which their disks were then.
 *
 * @param everySeconds how often; only when somebody asks if nothing is said
 * @param standby what the other site does with it; {@link Standby#WARM} if nothing is said
 * @param resumeWithinSeconds when the owner is lost, the machines go on from the last checkpoint if that gives up no more of what their disks
 *     hold than the writes of so many seconds; else they are booted from the newer disks. If nothing is said: 0 in a group that is replicated
 *     synchronously, else {@link #DEFAULT_RESUME_PERIODS} times {@code everySeconds}
 */
public record CheckpointWish(
        Optional<Integer> everySeconds, Optional<Standby> standby, Optional<Integer> resumeWithinSeconds) {
    public static final int DEFAULT_RESUME_PERIODS = 3;

    public static final CheckpointWish DEFAULT =
            new CheckpointWish(Optional.empty(), Optional.empty(), Optional.empty());

    /** None is taken. */
    public static final CheckpointWish OFF =
            new CheckpointWish(Optional.empty(), Optional.of(Standby.NONE), Optional.empty());

    private static final int MOST_SECONDS = 86_400;

    /** Where the last checkpoint is at the other site. */
    public enum Standby {
        /** In memory, with a QEMU for each machine that waits for the word: it takes as much memory there as the machines have. */
        @JsonProperty("warm")
        WARM,
        /** In files: QEMUs are started, and the files read, when they are needed. */
        @JsonProperty("cold")
        COLD,
        /** Nowhere: none is taken. */
        @JsonProperty("none")
        NONE
    }

    public CheckpointWish {
        if (everySeconds.filter(wanted -> wanted < 1 || wanted > MOST_SECONDS).isPresent()) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "a checkpoint is taken every 1 to %d s, not every %d".formatted(MOST_SECONDS, everySeconds.get()));
        }
        if (resumeWithinSeconds
                .filter(wanted -> wanted < 0 || wanted > MOST_SECONDS)
                .isPresent()) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "to go on from a checkpoint may give up the writes of 0 to %d s, not %d"
                            .formatted(MOST_SECONDS, resumeWithinSeconds.get()));
        }
    }

    /**
     * This wish changed in part; what is left out stays.
     *
     * @param everySeconds 0 for only when somebody asks
     */
    public CheckpointWish with(
            Optional<Integer> everySeconds, Optional<Standby> standby, Optional<Integer> resumeWithinSeconds) {
        return new CheckpointWish(
                everySeconds.isPresent() ? everySeconds.filter(seconds -> seconds != 0) : this.everySeconds,
                standby.or(() -> this.standby),
                resumeWithinSeconds.or(() -> this.resumeWithinSeconds));
    }

    public Optional<Duration> period() {
        return everySeconds.map(Duration::ofSeconds);
    }

    public Standby effectiveStandby() {
        return standby.orElse(Standby.WARM);
    }

    /** How old, as the disks go, a checkpoint may be that machines go on from, in a group that is replicated like this. */
    public Duration resumeWithin(ReplicationMode mode) {
        boolean waited = mode.kind() == ReplicationMode.Kind.SYNC || mode.kind() == ReplicationMode.Kind.STRICT;
        return Duration.ofSeconds(
                resumeWithinSeconds.orElse(waited ? 0 : DEFAULT_RESUME_PERIODS * everySeconds.orElse(0)));
    }
}
