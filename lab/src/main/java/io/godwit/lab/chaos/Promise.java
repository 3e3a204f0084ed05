package io.godwit.lab.chaos;

import io.godwit.api.FailoverWish;
import io.godwit.api.ReplicationMode;
import java.time.Duration;
import java.util.Optional;

/**
 * What the group's mode promises of writes that were acknowledged, if a site is lost.
 *
 * @param bound only such may be lost as were acknowledged within that time before the loss, in mode {@code async}; if absent none may, in mode
 *     {@code sync}
 */
record Promise(Optional<Duration> bound) {
    static final Promise NOTHING_IS_LOST = new Promise(Optional.empty());

    boolean losesNothing() {
        return bound.isEmpty();
    }

    /** A site that has lost its replica goes on when the voters know. */
    ReplicationMode.Wish mode() {
        return new ReplicationMode.Wish(
                losesNothing() ? ReplicationMode.Kind.SYNC : ReplicationMode.Kind.ASYNC,
                Optional.empty(),
                bound.map(Duration::toMillis),
                Optional.empty(),
                Optional.of(ReplicationMode.WhenCut.DEGRADE),
                Optional.empty());
    }

    /** In a lab a daemon starts beside all others, on the same processors. */
    FailoverWish failover() {
        return new FailoverWish(
                Optional.empty(), bound.map(_ -> true), Optional.of(Math.toIntExact(Disturbance.PATIENCE.toMillis())));
    }

    String inWords() {
        return bound.map(time -> "nothing was lost that had been acknowledged %.1f s before a loss"
                        .formatted(time.toMillis() / 1000.0))
                .orElse("nothing acknowledged was lost");
    }
}
