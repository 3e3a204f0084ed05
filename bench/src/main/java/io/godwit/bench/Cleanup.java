package io.godwit.bench;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a benchmark has to undo, the last thing first: when it is done, when it fails, and when the JVM is told to end
 * (Ctrl-C). Each thing is undone once, whoever comes first; the other waits until all is undone.
 */
public final class Cleanup implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Cleanup.class.getName());

    private final Deque<AutoCloseable> things = new ArrayDeque<>();
    private boolean closed;

    private Cleanup() {}

    public static Cleanup untilExit() {
        Cleanup cleanup = new Cleanup();
        Runtime.getRuntime().addShutdownHook(new Thread(cleanup::close, "bench-cleanup"));
        return cleanup;
    }

    /** Keeps a thing to close; when the end has already come it is closed at once. */
    public synchronized <T extends AutoCloseable> T add(T thing) {
        things.push(thing);
        if (closed) {
            close();
        }
        return thing;
    }

    /** Closes a thing now rather than at the end. */
    public synchronized void undo(AutoCloseable thing) {
        if (things.remove(thing)) {
            close(thing);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        while (!things.isEmpty()) {
            close(things.pop());
        }
    }

    private static void close(AutoCloseable thing) {
        try {
            thing.close();
        } catch (Exception left) {
            LOG.log(System.Logger.Level.WARNING, "something may have been left behind: {0}", left.getMessage());
        }
    }
}
