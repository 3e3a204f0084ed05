package io.godwit.memory;

import java.time.Duration;

/**
 * What a last round would cost if the guest were stopped now.
 *
 * @param wireBytes that would be sent
 * @param scan time to find them
 * @param send time to send them, one way over the link included
 */
public record PausePrediction(long wireBytes, Duration scan, Duration send) {
    public Duration total() {
        return scan.plus(send);
    }
}
