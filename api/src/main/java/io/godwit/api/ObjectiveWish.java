package io.godwit.api;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;

/**
 * What the users of a group ask for.
 *
 * @param rpoMillis writes that were acknowledged no longer before the loss of a site may be lost; 0 for none
 * @param rtoMillis the service may be away for so long
 * @param overheadPercent of the machines' time that may be taken from them, 0 to 100
 * @param bootMillis how long its machines take from their start until they serve, which only their users know
 */
public record ObjectiveWish(long rpoMillis, long rtoMillis, double overheadPercent, long bootMillis) {
    private static final long MOST_MILLIS = 30L * 86_400_000;

    public ObjectiveWish {
        requireTime("RPO", rpoMillis);
        requireTime("RTO", rtoMillis);
        requireTime("time to boot", bootMillis);
        if (!(overheadPercent >= 0 && overheadPercent <= 100)) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "the overhead is 0 to 100 percent, not %s".formatted(overheadPercent));
        }
    }

    private static void requireTime(String what, long millis) {
        if (millis < 0 || millis > MOST_MILLIS) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "the %s is 0 s to 30 days, not %d ms".formatted(what, millis));
        }
    }
}
