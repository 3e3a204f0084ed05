package io.godwit.site.group;

import io.godwit.api.PointWish;
import io.godwit.core.ByteCount;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.site.checkpoint.KeptCheckpoint;
import io.godwit.site.checkpoint.MemoryChoice;
import io.godwit.site.history.Points;
import io.godwit.site.history.Rewind;
import io.godwit.volume.GroupStore;
import io.godwit.volume.PointView;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What the checkpoint that is kept here, if there is one, would be worth to a failover.
 *
 * @param newest when the log is known to have come to its end, by the owner's clock
 */
record MemorySurvey(GroupAgent agent, GroupStore store, Points points, Optional<Instant> newest) {
    /** The owner says in its log once a second what time it is; what comes after the last time is no older than that. */
    private static final Duration MARK_PERIOD = Duration.ofSeconds(1);

    /** @param wished where the disks are to go back to, if somebody said so: the machines go on from there only if that is where they were */
    MemoryChoice choose(Optional<Position> wished) throws IOException {
        Optional<KeptCheckpoint> kept = agent.memory().standby().kept();
        if (wished.isPresent() && !wished.equals(kept.map(KeptCheckpoint::position))) {
            return new MemoryChoice.Boot("their disks are to go back to %s".formatted(wished.get()));
        }
        Duration within = wished.isPresent()
                ? ChronoUnit.FOREVER.getDuration()
                : agent.record()
                        .definition()
                        .memoryProtection()
                        .map(wish -> wish.resumeWithin(agent.record().mode()))
                        .orElse(Duration.ZERO);
        return MemoryChoice.of(kept, kept.isPresent() ? facts(kept.get()) : nothing(), within);
    }

    private MemoryChoice.Facts nothing() {
        return new MemoryChoice.Facts(store.durable(), false, ByteCount.ZERO, Duration.ZERO);
    }

    /** What of disks of class sync is here ahead of the log, was acknowledged, and would be given up as well: at most so much. */
    private ByteCount early() {
        return agent.record().definition().hasAsyncDisks()
                ? store.early().covered().since(store.durable())
                : ByteCount.ZERO;
    }

    private MemoryChoice.Facts facts(KeptCheckpoint kept) throws IOException {
        Duration since = newest.map(end -> Duration.between(kept.time(), end))
                .filter(Duration::isPositive)
                .orElse(Duration.ZERO)
                .plus(MARK_PERIOD);
        try {
            Position from = points.find(PointWish.at(kept.position()));
            try (PointView view = store.history().open(from)) {
                ByteCount changed = Rewind.bytes(view.changedUpTo(store.durable()));
                return new MemoryChoice.Facts(store.durable(), true, changed.plus(early()), since);
            }
        } catch (GodwitException gone) {
            return new MemoryChoice.Facts(store.durable(), false, ByteCount.ZERO, since);
        }
    }
}
