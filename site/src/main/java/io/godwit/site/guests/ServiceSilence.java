package io.godwit.site.guests;

import io.godwit.api.ServiceProbe;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** What to make of a service that answers or doesn't, look by look. Times are of one monotonic clock. */
final class ServiceSilence {
    /** A machine is started again so often in so long; after that it is left as it is, for people to look at. */
    static final int MOST_RESTARTS = 3;

    static final Duration RESTARTS_WITHIN = Duration.ofMinutes(30);

    private final ServiceProbe wish;
    private final Deque<Long> restarts = new ArrayDeque<>();
    private Optional<Object> machine = Optional.empty();
    private long heardNanos;
    private long lookedNanos;
    private boolean booting;
    private boolean standsStill;
    private boolean silent;
    private long silentSinceNanos;
    private boolean answering;

    enum Advice {
        NOTHING,
        TELL,
        RESTART
    }

    ServiceSilence(ServiceProbe wish) {
        this.wish = wish;
    }

    /**
     * What is known of a machine whose service is looked at in another way from now on. How often it was started again counts, and, if it is the same
     * port, for how long it has been silent.
     */
    synchronized ServiceSilence lookedAtLike(ServiceProbe other, long nowNanos) {
        ServiceSilence next = new ServiceSilence(other);
        next.restarts.addAll(restarts);
        next.machine = machine;
        next.booting = booting;
        next.standsStill = standsStill;
        next.lookedNanos = lookedNanos;
        next.heardNanos = nowNanos;
        if (other.port() == wish.port()) {
            next.heardNanos = heardNanos;
            next.answering = answering;
            next.silentSinceNanos = silentSinceNanos;
            next.silent =
                    silent && nowNanos - silentSinceNanos >= next.patience().toNanos();
        }
        return next;
    }

    /**
     * Takes in what was seen, and says what is to be done.
     *
     * @param running the machine's QEMU; another one was booted meanwhile. Empty while none runs: it isn't expected to answer then, and has not answered
     *     either, so the time since the last look doesn't count
     * @return TELL once for each silence
     */
    synchronized Advice looked(Optional<Object> running, boolean answers, long nowNanos) {
        long since = nowNanos - lookedNanos;
        lookedNanos = nowNanos;
        standsStill = running.isEmpty();
        if (standsStill) {
            heardNanos += since;
            answering = false;
            return Advice.NOTHING;
        }
        if (!running.equals(machine)) {
            machine = running;
            booting = true;
            heardNanos = nowNanos;
        }
        answering = answers;
        if (answers) {
            heardNanos = nowNanos;
            booting = false;
            silent = false;
            return Advice.NOTHING;
        }
        if (nowNanos - heardNanos < patience().toNanos()) {
            return Advice.NOTHING;
        }
        boolean news = !silent;
        silentSinceNanos = news ? heardNanos : silentSinceNanos;
        silent = true;
        return wish.restarts() && mayRestart(nowNanos) ? Advice.RESTART : news ? Advice.TELL : Advice.NOTHING;
    }

    private Duration patience() {
        Duration usual = wish.patience();
        return booting && usual.compareTo(ServiceProbe.BOOT_PATIENCE) < 0 ? ServiceProbe.BOOT_PATIENCE : usual;
    }

    private boolean mayRestart(long nowNanos) {
        while (!restarts.isEmpty() && nowNanos - restarts.getFirst() > RESTARTS_WITHIN.toNanos()) {
            restarts.removeFirst();
        }
        return restarts.size() < MOST_RESTARTS;
    }

    /** It is being started again: it has the time that a boot takes. */
    synchronized void restarted(long nowNanos) {
        restarts.addLast(nowNanos);
        heardNanos = nowNanos;
        booting = true;
    }

    /** The word for people and programs; {@code awaited} before it has answered, or not for long. */
    synchronized String word() {
        return silent() ? "silent" : answering ? "answers" : "awaited";
    }

    synchronized boolean silent() {
        return silent && !standsStill;
    }

    /** While it is silent: since the last answer, restarts or not. */
    synchronized Duration silentFor(long nowNanos) {
        return Duration.ofNanos(nowNanos - silentSinceNanos);
    }

    synchronized int restarts() {
        return restarts.size();
    }
}
