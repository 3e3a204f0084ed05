package io.godwit.replication;

import io.godwit.core.ByteCount;
import java.time.Duration;

/**
 * What became of a request to change who waits.
 *
 * @param from the mode before
 * @param to the mode that was asked for
 * @param done whether it is in force now; otherwise everything is as it was
 * @param took how long draining took; from its end on what the mode promises is true
 * @param forecast what that was expected to be before it began
 * @param reason why it was not done, or what is special about it, or empty
 */
public record ModeChange(Mode from, Mode to, boolean done, Duration took, Forecast forecast, String reason) {
    /**
     * What a drain is expected to take.
     *
     * @param pending log bytes that the replica lacks when it begins
     */
    public record Forecast(Duration drain, ByteCount pending) {
        static final Forecast NOTHING = new Forecast(Duration.ZERO, ByteCount.ZERO);

        private static final double MOST_TAKEN_BY_WRITERS = 0.8;
        private static final double SECOND_NANOS = 1e9;

        /**
         * The time until a replica has what is pending and what is written meanwhile. Where writers are nearly as fast as
         * the link, those who flush are slowed by the drain itself.
         *
         * @param delivery log bytes a second that the replica takes
         * @param writing log bytes a second that guests write
         */
        static Forecast of(ByteCount pending, long delivery, long writing, Duration roundTrip) {
            double net = delivery - Math.min((double) writing, MOST_TAKEN_BY_WRITERS * delivery);
            long nanos = (long) (pending.bytes() / net * SECOND_NANOS);
            return new Forecast(pending.bytes() == 0 ? Duration.ZERO : roundTrip.plusNanos(nanos), pending);
        }
    }

    static ModeChange done(Mode from, Mode to) {
        return new ModeChange(from, to, true, Duration.ZERO, Forecast.NOTHING, "");
    }

    static ModeChange refused(Mode from, Mode to, String reason) {
        return new ModeChange(from, to, false, Duration.ZERO, Forecast.NOTHING, reason);
    }
}
