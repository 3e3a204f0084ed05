package io.godwit.replication;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import io.godwit.replication.ModeChange.Forecast;
import io.godwit.replication.ReplicationPolicy.WhenCut;
import io.godwit.volume.GroupStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The owner of the rule who waits for the replica. It follows the policy and, while a move holds the group, at least
 * {@link Waiting#FLUSHES}. Towards less waiting it changes at once. Towards more in three steps, so that nobody waits for
 * long:
 *
 * <pre>
 *   catch up   the replica gets what was pending when this step began, again and again, until little is pending
 *   turn       from here on those wait who are to wait
 *   drain      the replica gets everything before the turn: now all that was ever acknowledged is at both sites
 * </pre>
 */
final class ModeControl {
    /** So little is drained in no time. */
    private static final ByteCount LITTLE = ByteCount.ofKiB(512);

    /** Where writers are as fast as the link, catching up gets nowhere; turning slows those who flush. */
    private static final int MAX_ROUNDS = 8;

    private static final String SUPERSEDED = "it was called off";

    private final GroupStore store;
    private final RemoteCopy remote;
    private final Function<ByteCount, Forecast> forecasts;
    private final ReentrantLock changing = new ReentrantLock();
    private final AtomicInteger policies = new AtomicInteger();
    private final AtomicInteger releases = new AtomicInteger();
    private volatile boolean held;
    private volatile boolean degraded;
    private Waiting draining = Waiting.NOTHING;

    /** @param forecasts what draining so many bytes is expected to take now */
    ModeControl(GroupStore store, RemoteCopy remote, Function<ByteCount, Forecast> forecasts) {
        this.store = store;
        this.remote = remote;
        this.forecasts = forecasts;
    }

    /** The policy under which a site begins to serve: its promise holds from the first request on. */
    synchronized void begin(ReplicationPolicy policy) {
        draining = Waiting.NOTHING;
        remote.bound(policy);
        degraded = policy.waiting() != Waiting.NOTHING && policy.whenCut() == WhenCut.DEGRADE && !remote.usable();
        waitFor(wanted(policy));
    }

    private void waitFor(Waiting next) {
        remote.hold(held);
        remote.waitFor(next);
    }

    boolean degraded() {
        return degraded;
    }

    boolean held() {
        return held;
    }

    /** The place of one more change of the policy: it overtakes all before it, in whatever order they are carried out. */
    int nextTurn() {
        return policies.incrementAndGet();
    }

    boolean isLatest(int turn) {
        return policies.get() == turn;
    }

    /**
     * Changes the policy, unless a later turn was given away. If it asks for more waiting than before and that can't be reached within the time, everything
     * stays as it was, except that a degrading policy is taken all the same and reached later.
     */
    ModeChange become(int turn, ReplicationPolicy next, Duration atMost, Consumer<Forecast> begun)
            throws InterruptedException {
        ReplicationPolicy before = remote.policy();
        if (remote.waiting().compareTo(next.waiting()) >= 0) {
            return enter(turn, next)
                    ? ModeChange.done(before.mode(), next.mode())
                    : ModeChange.refused(before.mode(), next.mode(), SUPERSEDED);
        }
        if (!remote.usable()) {
            return cutOff(turn, before, next);
        }
        changing.lockInterruptibly();
        try {
            ModeChange change = drain(next.waiting(), before.mode(), next.mode(), atMost, () -> !isLatest(turn), begun);
            return change.done() && !enter(turn, next)
                    ? ModeChange.refused(before.mode(), next.mode(), SUPERSEDED)
                    : change;
        } finally {
            endDrain();
            changing.unlock();
        }
    }

    /** Puts a policy in force, unless a later change has overtaken it. */
    private synchronized boolean enter(int turn, ReplicationPolicy next) {
        if (!isLatest(turn)) {
            return false;
        }
        begin(next);
        return true;
    }

    /** Those wait from here on whom a drain is for, unless it is called off. */
    private synchronized boolean beginDrain(Waiting target, BooleanSupplier calledOff) {
        if (calledOff.getAsBoolean()) {
            return false;
        }
        draining = target;
        settle();
        return true;
    }

    private synchronized void endDrain() {
        draining = Waiting.NOTHING;
        settle();
    }

    /** Lets those wait who are to wait now; whatever that follows from is changed under the same lock. */
    private synchronized void settle() {
        waitFor(wanted(remote.policy()));
    }

    private ModeChange cutOff(int turn, ReplicationPolicy before, ReplicationPolicy next) {
        if (next.whenCut() == WhenCut.STALL) {
            return ModeChange.refused(before.mode(), next.mode(), unusable());
        }
        if (!enter(turn, next)) {
            return ModeChange.refused(before.mode(), next.mode(), SUPERSEDED);
        }
        return new ModeChange(
                before.mode(),
                next.mode(),
                true,
                Duration.ZERO,
                Forecast.NOTHING,
                unusable() + "; it takes effect when the replica has caught up");
    }

    /** Holds the group at least synchronous until it is released. */
    ModeChange hold(Duration atMost) throws InterruptedException {
        Mode mode = remote.policy().mode();
        if (!remote.usable()) {
            return ModeChange.refused(mode, Mode.SYNC, unusable());
        }
        int turn = releases.get();
        changing.lockInterruptibly();
        held = true;
        boolean done = false;
        try {
            ModeChange change = remote.waiting() != Waiting.NOTHING && !remote.hasClasses()
                    ? ModeChange.done(mode, Mode.SYNC)
                    : drain(Waiting.FLUSHES, mode, Mode.SYNC, atMost, () -> releases.get() != turn, forecast -> {});
            done = change.done() && releases.get() == turn;
            return change;
        } finally {
            held = done;
            endDrain();
            changing.unlock();
        }
    }

    /** Never waits, not even for a hold that is being taken: that one notices and gives up. */
    void release() {
        releases.incrementAndGet();
        held = false;
        settle();
    }

    private Waiting wanted(ReplicationPolicy policy) {
        Waiting promised = (degraded ? Waiting.NOTHING : policy.waiting()).orMore(draining);
        return held ? promised.orMore(Waiting.FLUSHES) : promised;
    }

    /** Nobody waits for a replica that has been out of reach for long, until {@link #restore}. */
    boolean degrade() {
        return unlessChanging(() -> {
            ReplicationPolicy policy = remote.policy();
            boolean may = policy.whenCut() == WhenCut.DEGRADE && policy.waiting() != Waiting.NOTHING;
            if (degraded || held || !may || remote.usable()) {
                return false;
            }
            degraded = true;
            remote.waitFor(Waiting.NOTHING);
            return true;
        });
    }

    /** Ends degradation if the replica has caught up; returns whether it did. */
    boolean restore() {
        return unlessChanging(() -> {
            if (!degraded || !remote.usable() || remote.lagBytes().compareTo(LITTLE) > 0) {
                return false;
            }
            degraded = false;
            settle();
            return true;
        });
    }

    /** What {@link Mode#ADAPTIVE} has decided; nothing, if another mode or a move has its way now. */
    boolean adapt(Waiting decided) {
        return unlessChanging(() -> {
            if (held || remote.policy().mode() != Mode.ADAPTIVE || remote.waiting() == decided) {
                return false;
            }
            remote.waitFor(decided);
            return true;
        });
    }

    private interface Step {
        boolean take();
    }

    private boolean unlessChanging(Step step) {
        if (!changing.tryLock()) {
            return false;
        }
        try {
            synchronized (this) {
                return step.take();
            }
        } finally {
            changing.unlock();
        }
    }

    private ModeChange drain(
            Waiting target, Mode from, Mode to, Duration atMost, BooleanSupplier calledOff, Consumer<Forecast> begun)
            throws InterruptedException {
        Forecast forecast = forecasts.apply(remote.lagBytes());
        begun.accept(forecast);
        Drain drain = new Drain(System.nanoTime(), atMost, calledOff);
        String failure = drain.run(target);
        return new ModeChange(from, to, failure.isEmpty(), drain.elapsed(), forecast, failure);
    }

    /** One change towards more waiting, which ends in time and when it is called off. */
    private final class Drain {
        private final long begin;
        private final Duration atMost;
        private final BooleanSupplier calledOff;

        Drain(long begin, Duration atMost, BooleanSupplier calledOff) {
            this.begin = begin;
            this.atMost = atMost;
            this.calledOff = calledOff;
        }

        /** Returns why it was not done, or nothing. */
        String run(Waiting target) throws InterruptedException {
            return catchUp() && beginDrain(target, calledOff) && reach(store.head()) ? "" : late();
        }

        private boolean catchUp() throws InterruptedException {
            for (int round = 0; round < MAX_ROUNDS && remote.lagBytes().compareTo(LITTLE) > 0; round++) {
                if (!reach(store.head())) {
                    return false;
                }
            }
            return true;
        }

        private boolean reach(Position position) throws InterruptedException {
            return remote.awaitDurable(position, atMost.minus(elapsed()), calledOff);
        }

        private String late() {
            if (!remote.usable()) {
                return unusable();
            }
            return elapsed().compareTo(atMost) < 0
                    ? SUPERSEDED
                    : "what is pending could not be drained in time: %s are left".formatted(remote.lagBytes());
        }

        Duration elapsed() {
            return Duration.ofNanos(System.nanoTime() - begin);
        }
    }

    private String unusable() {
        if (!remote.isConnected()) {
            return "the replica is not connected"
                    + remote.trouble().map(why -> ": " + why).orElse("");
        }
        return "the replica is not complete yet";
    }
}
