package io.godwit.site.move;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Does the same with several things at once, each on a thread of its own; fails with the first failure, after all have ended. */
public final class SideBySide {
    public interface Work<T> {
        void run(T thing) throws IOException, InterruptedException;
    }

    private SideBySide() {}

    public static <T> void run(Collection<T> things, Work<T> work) throws InterruptedException {
        Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (T thing : things) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    work.run(thing);
                } catch (IOException broken) {
                    failures.add(
                            new GodwitException(ErrorCode.UNREACHABLE, String.valueOf(broken.getMessage()), broken));
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                } catch (RuntimeException broken) {
                    failures.add(broken);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw failures.remove();
        }
    }
}
