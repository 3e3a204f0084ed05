package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the log durable: callers say up to where and wait, one thread calls fdatasync, and every call serves all who
 * were waiting when it began. After a failed fdatasync nothing is known about what was written: it is never tried
 * again, and everyone who waits is told.
 */
final class GroupCommit implements AutoCloseable {
    private final GroupLog log;
    private final Consumer<IOException> onFailure;
    private final Thread thread;
    private long durable;
    private long wanted;
    private boolean closed;
    private @Nullable IOException failure;

    GroupCommit(String name, GroupLog log, Consumer<IOException> onFailure) {
        this.log = log;
        this.onFailure = onFailure;
        this.durable = log.head().value();
        this.wanted = durable;
        this.thread = Thread.ofPlatform().daemon().name("commit-" + name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    synchronized Position durable() {
        return new Position(durable);
    }

    /** Asks that everything before {@code position} be made durable, and doesn't wait. */
    synchronized void request(Position position) {
        if (position.value() > wanted) {
            wanted = Math.min(position.value(), log.head().value());
            notifyAll();
        }
    }

    /**
     * Returns when everything before {@code position} is durable.
     *
     * @throws GodwitException BAD_INPUT if that lies beyond the head, FAILED after a failure of the storage
     */
    synchronized void await(Position position) throws InterruptedException {
        if (position.compareTo(log.head()) > 0) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "the log ends at %s, before %s".formatted(log.head(), position));
        }
        request(position);
        while (durable < position.value()) {
            checkWorking();
            wait();
        }
    }

    /** Waits until more than {@code beyond} is durable, without asking for it; returns whether it is. */
    synchronized boolean awaitBeyond(Position beyond, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (durable <= beyond.value()) {
            checkWorking();
            long millis = (deadline - System.nanoTime() + 999_999) / 1_000_000;
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }

    private void checkWorking() {
        if (failure != null) {
            throw new GodwitException(
                    ErrorCode.FAILED,
                    "the log could not be written to stable storage, and the store has stopped: "
                            + failure.getMessage(),
                    failure);
        }
        if (closed) {
            throw new GodwitException(ErrorCode.CONFLICT, "the store was closed");
        }
    }

    private void run() {
        try {
            while (awaitRequest()) {
                long target = log.head().value();
                log.sync(durable().value(), target);
                publish(target);
            }
        } catch (IOException | RuntimeException failed) {
            fail(failed instanceof IOException io ? io : new IOException(failed));
        } catch (InterruptedException stopped) {
            fail(new IOException("interrupted", stopped));
        }
    }

    private synchronized boolean awaitRequest() throws InterruptedException {
        while (wanted <= durable && !closed) {
            wait();
        }
        return wanted > durable;
    }

    private synchronized void publish(long target) {
        durable = target;
        notifyAll();
    }

    private void fail(IOException cause) {
        synchronized (this) {
            failure = cause;
            notifyAll();
        }
        onFailure.accept(cause);
    }

    /** Does what was asked for before, then ends. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        Threads.joinUninterruptibly(thread);
    }
}
