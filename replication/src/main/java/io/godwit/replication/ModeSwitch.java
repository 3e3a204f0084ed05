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
        remote.become(Mode.ASYNC);
        return ModeChange.done(Mode.ASYNC, Duration.ZERO);
    }

    ModeChange toSync(Duration atMost) throws InterruptedException {
        changing.lockInterruptibly();
        try {
            if (remote.mode() == Mode.SYNC) {
                return ModeChange.done(Mode.SYNC, Duration.ZERO);
            }
            return drain(System.nanoTime(), atMost);
        } finally {
            changing.unlock();
        }
    }

    private ModeChange drain(long begin, Duration atMost) throws InterruptedException {
        if (!remote.usable()) {
            return ModeChange.refused(Duration.ZERO, unusable());
        }
        if (!catchUp(begin, atMost)) {
            return ModeChange.refused(since(begin), late());
        }
        remote.become(Mode.SYNC);
        boolean drained = false;
        try {
            drained = reach(store.head(), begin, atMost);
        } finally {
            if (!drained) {
                remote.become(Mode.ASYNC);
            }
        }
        if (!drained) {
            return ModeChange.refused(since(begin), late());
        }
        return remote.mode() == Mode.SYNC
                ? ModeChange.done(Mode.SYNC, since(begin))
                : ModeChange.refused(since(begin), "it was called off");
    }

    private boolean catchUp(long begin, Duration atMost) throws InterruptedException {
        for (int round = 0; round < MAX_ROUNDS && remote.lagBytes().compareTo(LITTLE) > 0; round++) {
            if (!reach(store.head(), begin, atMost)) {
                return false;
            }
        }
        return true;
    }

    private boolean reach(Position position, long begin, Duration atMost) throws InterruptedException {
        return remote.awaitDurable(position, atMost.minus(since(begin)));
    }

    private String late() {
        return remote.usable()
                ? "what is pending could not be drained in time: %s are left".formatted(remote.lagBytes())
                : unusable();
    }

    private String unusable() {
        if (!remote.isConnected()) {
            return "the replica is not connected"
                    + remote.trouble().map(why -> ": " + why).orElse("");
        }
        return "the replica is not complete yet";
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
