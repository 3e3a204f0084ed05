package io.godwit.migration;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The virtual threads on which a move's effects run. */
final class EffectThreads {
    interface Effect {
        void run() throws InterruptedException;
    }

    private final Set<Thread> alive = ConcurrentHashMap.newKeySet();

    void start(Effect effect) {
        Thread thread = Thread.ofVirtual().name("move-effect").unstarted(() -> {
            try {
                effect.run();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } finally {
                alive.remove(Thread.currentThread());
            }
        });
        alive.add(thread);
        thread.start();
    }

    void awaitAll() throws InterruptedException {
        for (Thread thread : alive) {
            thread.join();
        }
    }
}
