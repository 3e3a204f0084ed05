package io.godwit.quorum;

import java.time.Duration;

/** What to do about what was found. */
public sealed interface Response {
    /** Go on as it is. */
    record Nothing() implements Response {}

    /** It may pass by itself: look again in that time, at the latest. */
    record Wait(Duration rest) implements Response {}

    /** Start the machine again where it is: the owner's business. */
    record RestartThere(String machine) implements Response {}

    /** Claim the group and serve it here. */
    record ClaimHere() implements Response {}

    /** The owner should hand the group over while it can. */
    record HandOver() implements Response {}

    /** Somebody has to decide, or to be woken. */
    record AskOperator() implements Response {}
}
