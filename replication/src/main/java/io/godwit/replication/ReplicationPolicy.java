package io.godwit.replication;

import io.godwit.core.ByteCount;
import java.time.Duration;

/**
 * How a group is to be replicated; may be replaced at any time.
 *
 * @param maxLag log bytes that the replica may lack
 * @param maxLagTime how old the oldest write that the replica lacks may be
 * @param atBound what happens when one of them is exceeded
 * @param whenCut what happens to those who wait for a replica that cannot be reached
 * @param rpo the age that {@link Mode#ADAPTIVE} keeps the oldest missing write below
 */
public record ReplicationPolicy(
        Mode mode, ByteCount maxLag, Duration maxLagTime, AtBound atBound, WhenCut whenCut, Duration rpo) {
    /** What happens when the replica lags by more than the bounds. */
    public enum AtBound {
        /** Writers wait, as long as there is a replica that could catch up. */
        SLOW,
        /** Writers go on and an alarm is raised. */
        ALARM
    }

    /** What happens under {@link Mode#SYNC} and {@link Mode#STRICT} while the replica cannot be reached. */
    public enum WhenCut {
        /** Whoever waits for the replica goes on waiting: what was acknowledged is safe, always. */
        STALL,
        /** After a few seconds nobody waits any more, and an alarm is raised until the replica has caught up again. */
        DEGRADE
    }

    public static final ReplicationPolicy DEFAULT = new ReplicationPolicy(
            Mode.ASYNC,
            ByteCount.ofMiB(64),
            Duration.ofSeconds(10),
            AtBound.SLOW,
            WhenCut.STALL,
            Duration.ofSeconds(5));

    public ReplicationPolicy {
        if (maxLag.bytes() == 0 || !maxLagTime.isPositive() || !rpo.isPositive()) {
            throw new IllegalArgumentException("bounds must be positive");
        }
    }

    public ReplicationPolicy with(Mode other) {
        return new ReplicationPolicy(other, maxLag, maxLagTime, atBound, whenCut, rpo);
    }

    /** The same, but nobody waits for long for a replica that cannot be reached. */
    ReplicationPolicy degrading() {
        return new ReplicationPolicy(mode, maxLag, maxLagTime, atBound, WhenCut.DEGRADE, rpo);
    }

    /** Whether the mode by itself makes anyone wait for the replica. */
    public boolean waitsForReplica() {
        return waiting() != Waiting.NOTHING;
    }

    /** What the mode asks for by itself; {@link Mode#ADAPTIVE} may ask for more when it has looked at the link. */
    Waiting waiting() {
        return switch (mode) {
            case ASYNC, ADAPTIVE -> Waiting.NOTHING;
            case SYNC -> Waiting.FLUSHES;
            case STRICT -> Waiting.WRITES;
        };
    }

    /** Whether a writer must wait while the replica lags so far. */
    boolean holdsBack(ByteCount lag, Duration age) {
        boolean tooMuch = lag.compareTo(maxLag) > 0;
        return switch (mode) {
            case ASYNC, SYNC, STRICT -> atBound == AtBound.SLOW && (tooMuch || age.compareTo(maxLagTime) > 0);
            case ADAPTIVE -> tooMuch || age.compareTo(rpo) > 0;
        };
    }
}
