package io.godwit.volume;

import io.godwit.core.Position;

/**
 * Where a log ends: the position and the checksum of the record before it (0 if there has never been one). Two logs with
 * the same end hold the same history; a log that is to go on elsewhere begins there with both.
 */
public record LogEnd(Position position, int chain) {
    /** The end of a log that nothing was ever written to. */
    public static final LogEnd NOTHING = new LogEnd(Position.START, 0);
}
