package io.godwit.site.tenure;

import io.godwit.core.posix.BootClock;
import java.time.Duration;
import java.util.Optional;

/**
 * Until when a group's disks may answer, as each of their answers asks for itself. The clock is the host's, and counts while the host or this
 * process stands still: what was allowed before a pause is not believed after it.
 */
public final class DiskLease {
    private static final long NEVER_NANOS = Long.MIN_VALUE;

    private final boolean bound;
    private volatile long untilNanos = NEVER_NANOS;
    private volatile long answeredNanos = NEVER_NANOS;

    private DiskLease(boolean bound) {
        this.bound = bound;
    }

    /** At a site without voters: it lasts. */
    public static DiskLease unbound() {
        return new DiskLease(false);
    }

    /** One that is over until something is allowed. */
    public static DiskLease over() {
        return new DiskLease(true);
    }

    /** Whether a disk may answer now. */
    public boolean lasts() {
        long until = untilNanos;
        return !bound || (until != NEVER_NANOS && BootClock.nanos() - until < 0);
    }

    /** Whether a disk that is about to answer may; if so it is noted when. Nobody asks at a site without voters, and nothing is noted there. */
    public boolean answers() {
        if (!bound) {
            return true;
        }
        long until = untilNanos;
        long now = BootClock.nanos();
        if (until == NEVER_NANOS || now - until >= 0) {
            return false;
        }
        answeredNanos = now;
        return true;
    }

    /** How long ago a disk was last let answer; empty if none was since the daemon began. */
    public Optional<Duration> sinceAnswer() {
        long answered = answeredNanos;
        return answered == NEVER_NANOS
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(Math.max(0, BootClock.nanos() - answered)));
    }

    /** How much is left; zero if it is over. */
    public Duration rest() {
        long until = untilNanos;
        return until == NEVER_NANOS ? Duration.ZERO : Duration.ofNanos(Math.max(0, until - BootClock.nanos()));
    }

    /** Disks may answer until then, on {@link BootClock}; whoever waits goes on. */
    public synchronized void allow(long until) {
        untilNanos = until;
        notifyAll();
    }

    /** No disk answers any more. */
    public void end() {
        untilNanos = NEVER_NANOS;
    }

    /** Waits until something is allowed, and at most so long. */
    public synchronized void await(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        long rest = atMost.toMillis();
        while (!lasts() && rest > 0) {
            wait(rest);
            rest = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        }
    }
}
