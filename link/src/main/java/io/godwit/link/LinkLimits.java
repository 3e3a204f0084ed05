package io.godwit.link;

import java.time.Duration;

/**
 * The bounds of a site's links.
 *
 * @param connect longest wait for a TCP connection
 * @param handshake longest time from connection to channel, TLS and hello together
 * @param strangers connections at once that have not proved who they are; more are closed at once
 * @param channels channels at once from all peers together
 */
public record LinkLimits(Duration connect, Duration handshake, int strangers, int channels) {
    public static final LinkLimits DEFAULT = new LinkLimits(Duration.ofSeconds(5), Duration.ofSeconds(10), 32, 256);

    public LinkLimits {
        if (!connect.isPositive() || !handshake.isPositive() || strangers < 1 || channels < 1) {
            throw new IllegalArgumentException("every limit of a link must be positive");
        }
    }
}
