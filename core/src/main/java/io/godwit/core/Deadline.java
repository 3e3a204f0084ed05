package io.godwit.core;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/** Closes a connection unless what is being done over it ends in time, however slowly the other side trickles bytes. */
public final class Deadline implements AutoCloseable {
    private final Thread timer;
    private volatile boolean passed;

    private Deadline(Closeable connection, Duration after) {
        timer = Thread.ofVirtual().name("deadline").start(() -> wait(connection, after));
    }

    public static Deadline on(Closeable connection, Duration after) {
        return new Deadline(connection, after);
    }

    public boolean passed() {
        return passed;
    }

    private void wait(Closeable connection, Duration after) {
        try {
            Thread.sleep(after);
            passed = true;
            connection.close();
        } catch (InterruptedException inTime) {
            Thread.currentThread().interrupt();
        } catch (IOException alreadyGone) {
            // The connection is closed, as it should be.
        }
    }

    @Override
    public void close() {
        timer.interrupt();
    }
}
