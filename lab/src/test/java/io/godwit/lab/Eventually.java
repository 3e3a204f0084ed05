package io.godwit.lab;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what happens soon, and says what it waited for when it doesn't. */
final class Eventually {
    private static final Duration AT_MOST = Duration.ofSeconds(30);

    private Eventually() {}

    static void isTrue(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + AT_MOST.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within %d s: %s".formatted(AT_MOST.toSeconds(), what));
            }
            Thread.sleep(10);
        }
    }
}
