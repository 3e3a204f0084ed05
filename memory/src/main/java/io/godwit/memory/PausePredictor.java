package io.godwit.memory;

import java.time.Duration;

/**
 * Predicts the last round from the rounds before it. The guest dirties memory at a rate that was seen in the latest
 * round, measured in compressed bytes; the link carries as much as it did in the latest round that was long enough to
 * tell. So the last round will send what has changed since the latest one began, at that rate.
 */
final class PausePredictor {
    /** A round of fewer bytes says more about the round trip than about the link's rate. */
    private static final long MIN_RATE_BYTES = 256 << 10;

    private final Duration roundTrip;
    private final int speedUp;
    private double bytesPerSecond = Double.NaN;

    /**
     * @param roundTrip measured when the channel was greeted
     * @param speedUp how many times more threads the last round has
     */
    PausePredictor(Duration roundTrip, int speedUp) {
        this.roundTrip = roundTrip;
        this.speedUp = speedUp;
    }

    void learn(RoundReport report) {
        Duration carrying = report.total().minus(roundTrip);
        if (report.wireBytes() >= MIN_RATE_BYTES && carrying.isPositive()) {
            bytesPerSecond = report.wireBytes() / seconds(carrying);
        }
    }

    /** Bytes per second that the link carried, NaN before a round that could tell. */
    double bytesPerSecond() {
        return bytesPerSecond;
    }

    /**
     * @param latest the latest round
     * @param changingFor how long pages have been changing since that round began
     */
    PausePrediction predict(RoundReport latest, Duration changingFor) {
        double dirtyingPerSecond = latest.wireBytes() / Math.max(1e-3, seconds(latest.changingFor()));
        long bytes = Math.round(dirtyingPerSecond * seconds(changingFor));
        double carrySeconds = Double.isNaN(bytesPerSecond) ? 0 : bytes / bytesPerSecond;
        Duration send = Duration.ofNanos(Math.round(carrySeconds * 1e9)).plus(roundTrip.dividedBy(2));
        return new PausePrediction(bytes, latest.scan().dividedBy(speedUp), send);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
