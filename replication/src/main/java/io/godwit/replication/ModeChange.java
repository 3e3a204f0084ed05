package io.godwit.replication;

import java.time.Duration;

/**
 * What became of a request to change the mode.
 *
 * @param mode the mode in force now
 * @param done whether it is the one that was asked for
 * @param took how long draining took; from its end on every flush is safe at both sites, if the change is to SYNC
 * @param reason why it was not done, or empty
 */
public record ModeChange(Mode mode, boolean done, Duration took, String reason) {
    static ModeChange done(Mode mode, Duration took) {
        return new ModeChange(mode, true, took, "");
    }

    static ModeChange refused(Duration took, String reason) {
        return new ModeChange(Mode.ASYNC, false, took, reason);
    }
}
