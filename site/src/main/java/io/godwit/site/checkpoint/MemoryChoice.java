package io.godwit.site.checkpoint;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import java.time.Duration;
import java.util.Optional;

/** Whether machines whose owner is lost go on from their memory at the last checkpoint, or are booted from their newer disks. */
public sealed interface MemoryChoice {
    /**
     * They go on, and what their disks were given since is given up.
     *
     * @param givenUp bytes of the disks that have another content since
     * @param givenUpFor so long after the checkpoint the log ends
     */
    record Resume(KeptCheckpoint from, ByteCount givenUp, Duration givenUpFor) implements MemoryChoice {}

    /** They are booted; {@code why} completes "machines are booted, since". */
    record Boot(String why) implements MemoryChoice {}

    /**
     * What the log and the disks here say of a checkpoint.
     *
     * @param durable up to where the log is here
     * @param openable whether the disks can be given back the content that they had at its position
     * @param changed bytes of the disks that have another content since
     * @param since so long after it the log ends, by the owner's clock
     */
    record Facts(Position durable, boolean openable, ByteCount changed, Duration since) {}

    /**
     * The choice by itself: a checkpoint since which nothing was written costs nothing; else it may cost so much.
     *
     * @param kept the checkpoint, if there is one
     * @param within what was written in a longer time isn't given up
     */
    static MemoryChoice of(Optional<KeptCheckpoint> kept, Facts facts, Duration within) {
        if (kept.isEmpty()) {
            return new Boot("there is no checkpoint of their memory here");
        }
        KeptCheckpoint checkpoint = kept.get();
        if (!facts.durable().reaches(checkpoint.position())) {
            return new Boot("the log has not come as far as the checkpoint of %s".formatted(checkpoint.time()));
        }
        if (!facts.openable()) {
            return new Boot("the disks can't go back to the checkpoint of %s any more".formatted(checkpoint.time()));
        }
        if (facts.changed().bytes() > 0 && facts.since().compareTo(within) > 0) {
            return new Boot(
                    "to go on from the checkpoint of %s would give up the writes of %.1f s, and %.1f s are allowed"
                            .formatted(checkpoint.time(), seconds(facts.since()), seconds(within)));
        }
        return new Resume(checkpoint, facts.changed(), facts.since());
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }
}
