package io.godwit.site.group;

import io.godwit.api.MoveProgress;
import io.godwit.api.MoveReport;
import io.godwit.migration.Phase;
import io.godwit.migration.drain.MeasuredMove;
import io.godwit.site.drain.Departure;
import io.godwit.site.move.ActiveMove;
import java.time.Duration;
import java.util.Optional;

/** A move of a group that a drain has begun. It counts as over when it is decided; what is left to settle goes on by itself. */
record ActiveDeparture(ActiveMove move) implements Departure {
    private static final Duration LOOK = Duration.ofMillis(50);

    @Override
    public boolean awaitDecided(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!decided() && System.nanoTime() < deadline) {
            move.awaitEnd(LOOK);
        }
        return decided();
    }

    private boolean decided() {
        return move.hasEnded() || hasLeft() || move.phase() == Phase.ABORTED;
    }

    @Override
    public boolean hasLeft() {
        return move.phase() == Phase.COMMITTED || move.phase() == Phase.COMPLETED;
    }

    @Override
    public void takeBack(String reason) {
        move.fail(reason);
    }

    @Override
    public MoveProgress progress() {
        return move.progress();
    }

    @Override
    public Optional<MeasuredMove> measured() {
        return GroupDeparture.measured(move.report());
    }

    @Override
    public String outcome() {
        MoveReport report = move.report();
        return hasLeft()
                ? "its machines were paused for %d ms".formatted(report.server().pauseMillis())
                : report.reason().orElse("the move stands still until this site's daemon is restarted");
    }
}
