package io.godwit.lab.chaos;

import io.godwit.core.SiteName;
import java.time.Duration;
import java.util.Optional;

/**
 * How a service came back after a fault, as the sites and the client saw it: when another site had the group, and when the client was answered there.
 * For one thread, which looks often; what it finds is as exact as it looks, and as the client speaks: five times a second.
 */
final class Recovery {
    private final SiteName lost;
    private final Lookout lookout;
    private final ClientWatch client;
    private final long struckNanos = System.nanoTime();
    private Optional<Duration> decided = Optional.empty();
    private Optional<Duration> served = Optional.empty();
    private long acknowledgedWhenDecided;

    /** A fault strikes the site that has the group. */
    Recovery(SiteName lost, Lookout lookout, ClientWatch client) {
        this.lost = lost;
        this.lookout = lookout;
        this.client = client;
    }

    void look() {
        if (decided.isEmpty()) {
            if (lookout.owner().filter(owner -> !owner.equals(lost)).isPresent()) {
                decided = Optional.of(sinceStruck());
                acknowledgedWhenDecided = client.counts().acknowledgedWrites();
            }
        } else if (served.isEmpty() && client.counts().acknowledgedWrites() > acknowledgedWhenDecided) {
            served = Optional.of(sinceStruck());
        }
    }

    private Duration sinceStruck() {
        return Duration.ofNanos(System.nanoTime() - struckNanos);
    }

    /** Writes that had been acknowledged when the other site had the group; 0 if it never did. */
    long acknowledgedWhenDecided() {
        return acknowledgedWhenDecided;
    }

    /** From the fault until the other site had the group, if it ever did. */
    Optional<Duration> decided() {
        return decided;
    }

    /** From the fault until the other site had acknowledged a write, if it ever did. */
    Optional<Duration> served() {
        return served;
    }
}
