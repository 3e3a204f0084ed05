package io.godwit.volume;

import io.godwit.core.Position;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Wakes those who wait for the log's head to move; costs the one who appends next to nothing while nobody waits. */
final class HeadSignal {
    private final GroupLog log;
    private final AtomicInteger waiting = new AtomicInteger();

    HeadSignal(GroupLog log) {
        this.log = log;
    }

    /** The head has moved. */
    void moved() {
        if (waiting.get() > 0) {
            wake();
        }
    }

    synchronized void wake() {
        notifyAll();
    }

    /** Waits until the head is beyond {@code beyond}; returns whether it is. */
    synchronized boolean await(Position beyond, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        waiting.incrementAndGet();
        try {
            while (log.head().compareTo(beyond) <= 0) {
                long millis = (deadline - System.nanoTime() + 999_999) / 1_000_000;
                if (millis <= 0) {
                    return false;
                }
                wait(millis);
            }
            return true;
        } finally {
            waiting.decrementAndGet();
        }
    }
}
