package io.godwit.replication;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import io.godwit.volume.GroupStore;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Changes the mode. Towards SYNC in three steps, so that flushes wait as short as possible:
 *
 * <pre>
 *   catch up   the replica gets what was pending when this step began, again and again, until little is pending
 *   turn       from here on every flush waits for the replica
 *   drain      the replica gets everything before the turn: now all that was ever acknowledged is at both sites
 * </pre>
 */
final class ModeSwitch {
    /** So little is drained in no time. */
    private static final ByteCount LITTLE = ByteCount.ofKiB(512);

    /** Where writers are as fast as the link, catching up gets nowhere; turning slows those who flush. */
    private static final int MAX_ROUNDS = 8;

    private final GroupStore store;
    private final RemoteCopy remote;
    private final ReentrantLock changing = new ReentrantLock();

    ModeSwitch(GroupStore store, RemoteCopy remote) {
        this.store = store;
        this.remote = remote;
    }

    /** Never waits, not even for a change to SYNC that is in progress: that one notices and gives up. */
    ModeChange toAsync() {
        remote.becomeAsync();
        return ModeChange.done(Mode.ASYNC, Duration.ZERO);
    }

    ModeChange toSync(Duration atMost) throws InterruptedException {
        long timesCalledOff = remote.timesCalledOff();
        changing.lockInterruptibly();
        try {
            if (remote.mode() == Mode.SYNC) {
                return ModeChange.done(Mode.SYNC, Duration.ZERO);
            }
            return new Drain(System.nanoTime(), atMost, timesCalledOff).run();
        } finally {
            changing.unlock();
        }
    }

    /** One change to SYNC, which ends in time and when it is called off. */
    private final class Drain {
        private final long begin;
        private final Duration atMost;
        private final long timesCalledOff;

        Drain(long begin, Duration atMost, long timesCalledOff) {
            this.begin = begin;
            this.atMost = atMost;
            this.timesCalledOff = timesCalledOff;
        }

        ModeChange run() throws InterruptedException {
            if (!remote.usable()) {
                return refused(unusable());
            }
            if (!catchUp() || !remote.becomeSync(timesCalledOff)) {
                return refused(late());
            }
            boolean drained = false;
            try {
                drained = reach(store.head());
            } finally {
                if (!drained) {
                    remote.becomeAsync();
                }
            }
            return drained ? ModeChange.done(Mode.SYNC, elapsed()) : refused(late());
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
            return remote.awaitDurable(position, atMost.minus(elapsed()), timesCalledOff);
        }

        private ModeChange refused(String reason) {
            return ModeChange.refused(elapsed(), reason);
        }

        private String late() {
            if (!remote.usable()) {
                return unusable();
            }
            return elapsed().compareTo(atMost) < 0
                    ? "it was called off"
                    : "what is pending could not be drained in time: %s are left".formatted(remote.lagBytes());
        }

        private Duration elapsed() {
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
