package io.godwit.site.drain;

import io.godwit.api.MoveProgress;
import io.godwit.migration.drain.MeasuredMove;
import java.time.Duration;
import java.util.Optional;

/** A move away from the site, under way or over. */
public interface Departure {
    /** Waits until it is decided where the group runs from now on; returns whether it is. */
    boolean awaitDecided(Duration atMost) throws InterruptedException;

    /** Whether the other site has taken the group. */
    boolean hasLeft();

    /** Takes it back, if it isn't decided. */
    void takeBack(String reason);

    MoveProgress progress();

    /** What it took, if the other site has taken the group. */
    Optional<MeasuredMove> measured();

    /** How it ended, in words: how long the machines were paused, or why it was given up. */
    String outcome();
}
