package io.godwit.voter;

import io.godwit.quorum.Quorum.Agreed;
import io.godwit.quorum.QuorumState;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What this voter has applied so far. One thread applies, any may look or wait. */
final class Applied {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Agreed agreed = new Agreed(0, QuorumState.EMPTY);

    Agreed now() {
        return agreed;
    }

    void become(QuorumState state) {
        lock.lock();
        try {
            agreed = new Agreed(agreed.version() + 1, state);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    Agreed awaitAfter(long version, Duration atMost) throws InterruptedException {
        long rest = TimeUnit.NANOSECONDS.convert(atMost);
        lock.lockInterruptibly();
        try {
            while (agreed.version() <= version && rest > 0) {
                rest = changed.awaitNanos(rest);
            }
            return agreed;
        } finally {
            lock.unlock();
        }
    }
}
