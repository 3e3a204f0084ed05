package io.godwit.link;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;

/** Closes a connection unless its introduction is complete in time, however slowly the other side trickles bytes. */
final class Deadline implements AutoCloseable {
    private final Thread timer;
    private volatile boolean passed;

    private Deadline(Socket socket, Duration after) {
        timer = Thread.ofVirtual().name("link-deadline").start(() -> wait(socket, after));
    }

    static Deadline on(Socket socket, Duration after) {
        return new Deadline(socket, after);
    }

    boolean passed() {
        return passed;
    }

    private void wait(Socket socket, Duration after) {
        try {
            Thread.sleep(after);
            passed = true;
            socket.close();
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
