package io.godwit.site.history;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.MarkName;
import io.godwit.core.Position;
import io.godwit.volume.GroupStore;
import io.godwit.volume.Role;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Writes into the log of a group that is served here what time it is: once a second, if anything has been written since. So
 * both sites know which position belongs to which moment. It is the only one to write marks that have a time, and can
 * be told to be silent, for the moments in which the log must not grow.
 */
public final class Chronicle implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Chronicle.class.getName());
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final GroupStore store;
    private final Clock clock;
    private final Thread thread;
    private Position last = Position.START;
    private boolean silent = true;
    private boolean closed;

    /** It is silent until {@link #speak}. */
    public Chronicle(GroupStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("chronicle-" + store.directory().getFileName())
                .start(this::run);
    }

    /** Marks are written from now on. */
    public synchronized void speak() {
        silent = false;
    }

    /** No mark is written from now on, and none is being written when this returns. */
    public synchronized void hush() {
        silent = true;
    }

    /** A mark that was made. */
    public record Made(Position position, Instant time) {}

    /**
     * Makes a mark; it is durable here when this returns.
     *
     * @throws GodwitException CONFLICT while the log must not grow
     */
    public Made mark(MarkName name, MarkNote.Kind kind) throws IOException, InterruptedException {
        Made made = append(MarkNote.named(name, kind).encode());
        store.awaitDurable(made.position());
        return made;
    }

    /**
     * Says what time it is, also if nothing has been written since the last mark. It need not be durable when this returns.
     *
     * @throws GodwitException CONFLICT while the log must not grow
     */
    public Made moment() throws IOException {
        return append(ByteBuffer.allocate(0));
    }

    private synchronized Made append(ByteBuffer content) throws IOException {
        requireSpeaking();
        return write(content);
    }

    private void requireSpeaking() {
        if (silent) {
            throw new GodwitException(ErrorCode.CONFLICT, "the group is just being handed over: ask again afterwards");
        }
    }

    /** Something that makes the log grow. */
    public interface Growth<T> {
        T run() throws IOException;
    }

    /**
     * Does something that makes the log grow, at a moment when it may.
     *
     * @throws GodwitException CONFLICT while the log must not grow
     */
    public synchronized <T> T grow(Growth<T> growth) throws IOException {
        requireSpeaking();
        return growth.run();
    }

    /** Makes a mark also while others may not. */
    public synchronized Position note(MarkNote note) throws IOException {
        return write(note.encode()).position();
    }

    private Made write(ByteBuffer content) throws IOException {
        Instant now = Instant.ofEpochMilli(clock.millis());
        last = store.mark(now.toEpochMilli(), content);
        return new Made(last, now);
    }

    private void run() {
        while (rested()) {
            try {
                tick();
            } catch (IOException | GodwitException full) {
                LOG.log(Level.DEBUG, "the time is not in the log: {0}", full.getMessage());
            }
        }
    }

    /** Does once what is done once a second. */
    synchronized void tick() throws IOException {
        if (!silent && store.role() == Role.PRIMARY && !store.head().equals(last)) {
            write(ByteBuffer.allocate(0));
        }
    }

    private synchronized boolean rested() {
        long deadline = System.nanoTime() + PERIOD.toNanos();
        try {
            for (long left = PERIOD.toMillis(); !closed && left > 0; left = millisUntil(deadline)) {
                wait(left);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
        return !closed;
    }

    private static long millisUntil(long deadline) {
        return (deadline - System.nanoTime()) / 1_000_000;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            silent = true;
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
