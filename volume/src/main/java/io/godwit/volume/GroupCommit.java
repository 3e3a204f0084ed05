package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the log durable: callers say up to where and wait, one thread at a time calls fdatasync, and every call serves
 * all who were waiting when it began. That thread is the first of those who wait, so that a lone flush costs no change of
 * threads; for those who don't wait, and for virtual threads, which a sync would hold to their carrier, there is a
 * thread of its own. After a failed fdatasync nothing is known about what was written: it is never tried
 * again, and everyone who waits is told.
 */
final class GroupCommit implements AutoCloseable {
    private final GroupLog log;
    private final Consumer<IOException> onFailure;
    private final Thread thread;
    private long durable;
    private long wanted;
    private boolean syncing;
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
        if (want(position)) {
            notifyAll();
        }
    }

    private boolean want(Position position) {
        boolean more = position.value() > wanted;
        wanted = more ? Math.min(position.value(), log.head().value()) : wanted;
        return more;
    }

    /**
     * Returns when everything before {@code position} is durable.
     *
     * @throws GodwitException BAD_INPUT if that lies beyond the head, FAILED after a failure of the storage
     */
    void await(Position position) throws InterruptedException {
        if (position.compareTo(log.head()) > 0) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "the log ends at %s, before %s".formatted(log.head(), position));
        }
        while (awaitTurn(position)) {
            commit();
        }
    }

    /** Like {@link #await}, for whoever must not stop half-way. */
    void awaitUninterruptibly(Position position) {
        boolean interrupted = Thread.interrupted();
        while (true) {
            try {
                await(position);
                break;
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until all before {@code position} is durable, then returns false; or until this thread is the one to sync, then true. */
    private synchronized boolean awaitTurn(Position position) throws InterruptedException {
        boolean mayLead = !Thread.currentThread().isVirtual();
        if (want(position) && !mayLead) {
            notifyAll();
        }
        while (durable < position.value()) {
            checkWorking();
            if (mayLead && !syncing) {
                syncing = true;
                return true;
            }
            wait();
        }
        return false;
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
                commit();
            }
        } catch (InterruptedException stopped) {
            fail(new IOException("interrupted", stopped));
        }
    }

    /** Syncs up to the head; for the thread that has set {@link #syncing}. */
    private void commit() {
        try {
            long target = log.head().value();
            log.sync(durable().value(), target);
            publish(target);
        } catch (IOException | RuntimeException failed) {
            fail(failed instanceof IOException io ? io : new IOException(failed));
        }
    }

    private synchronized boolean awaitRequest() throws InterruptedException {
        while (failure == null && (syncing || (wanted <= durable && !closed))) {
            wait();
        }
        syncing = failure == null && wanted > durable;
        return syncing;
    }

    private synchronized void publish(long target) {
        durable = target;
        syncing = false;
        notifyAll();
    }

    private void fail(IOException cause) {
        synchronized (this) {
            failure = cause;
            syncing = false;
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
