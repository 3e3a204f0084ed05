package io.godwit.volume;

import io.godwit.volume.libnbd.RemoteExport;
import io.godwit.volume.libnbd.ServerAwayException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections to the NBD server below a disk: one for all changes, and for reading a few more where the server keeps
 * its connections coherent. Each is dialled when it is needed and there is none.
 *
 * <p>A flush proves something only for what was answered on the same, unbroken connection: a server that was replaced
 * meanwhile may have lost it and flushes happily. So it is remembered how often the connection was lost with changes
 * that were answered but not flushed; a thread whose changes were among them is refused its flush. Whoever changes an
 * image therefore asks for the flush on the same thread.
 */
final class ServerConnections {
    /** What is asked of a server. */
    interface Question<T> {
        T of(RemoteExport export) throws IOException;
    }

    /** A change of an export. */
    interface Change {
        void make(RemoteExport export) throws IOException;
    }

    private static final System.Logger LOG = System.getLogger(ServerConnections.class.getName());
    private static final Duration DIALLING = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(500);
    /** So many connections for reading are kept when they aren't in use. */
    private static final int KEPT_READERS = 4;

    private final BaseLocation.Remote location;
    private final long size;
    private final ReentrantLock changing = new ReentrantLock();
    private @Nullable RemoteExport changer;
    private boolean unflushed;
    private long losses;
    /** For each thread with changes that were not flushed: how many losses there had been before the first of them. */
    private final Map<Thread, Long> changedSince = new WeakHashMap<>();

    private final Deque<RemoteExport> readers = new ArrayDeque<>();
    private volatile @Nullable Boolean coherent;
    private volatile @Nullable String trouble;
    private volatile boolean waiting = true;
    private volatile boolean closed;

    ServerConnections(BaseLocation.Remote location, long size) {
        this.location = location;
        this.size = size;
    }

    static RemoteExport dial(BaseLocation.Remote location, BooleanSupplier givenUp) throws IOException {
        return RemoteExport.connect(location.uri(), DIALLING, givenUp);
    }

    /** What an export lacks to be a base image: a predicate for a sentence about it. */
    static Optional<String> lackOf(RemoteExport export) {
        if (export.readOnly()) {
            return Optional.of("is read-only");
        }
        return export.canFlush() ? Optional.empty() : Optional.of("can't flush: what is written may never be safe");
    }

    private RemoteExport dial() throws IOException {
        if (closed) {
            throw new ServerAwayException("nobody needs %s any more".formatted(location));
        }
        RemoteExport export = dial(location, () -> !waiting);
        try {
            Optional<String> lack = export.size() == size
                    ? lackOf(export)
                    : Optional.of("has %d bytes, but the disk has %d".formatted(export.size(), size));
            if (lack.isPresent()) {
                throw new ServerAwayException("%s %s".formatted(location, lack.get()));
            }
            coherent = export.canMultiConn();
            back();
            return export;
        } catch (IOException unsuitable) {
            export.close();
            throw unsuitable;
        }
    }

    /** Why the server can't be used now, if so. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    private void away(ServerAwayException why) {
        if (trouble == null && waiting) {
            LOG.log(System.Logger.Level.WARNING, "a disk waits for its server: {0}", why.getMessage());
        }
        trouble = String.valueOf(why.getMessage());
    }

    private void back() {
        if (trouble != null) {
            LOG.log(System.Logger.Level.INFO, "the server of a disk is back: {0}", location);
        }
        trouble = null;
    }

    /** Asks until there is an answer, however long the server is away, unless waiting is switched off. */
    <T> T ask(Question<T> question) throws IOException {
        while (true) {
            try {
                return Boolean.TRUE.equals(coherent) ? askReader(question) : locked(question);
            } catch (ServerAwayException why) {
                away(why);
                if (!waiting) {
                    throw why;
                }
                pause();
            }
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the server of a disk", interrupted);
        }
    }

    private <T> T askReader(Question<T> question) throws IOException {
        RemoteExport reader = takeReader();
        boolean whole = false;
        try {
            T answer = question.of(reader);
            whole = true;
            return answer;
        } finally {
            giveBack(reader, whole);
        }
    }

    private RemoteExport takeReader() throws IOException {
        synchronized (readers) {
            if (!readers.isEmpty()) {
                return readers.pop();
            }
        }
        return dial();
    }

    private void giveBack(RemoteExport reader, boolean whole) {
        synchronized (readers) {
            if (whole && !closed && readers.size() < KEPT_READERS) {
                readers.push(reader);
                return;
            }
        }
        reader.close();
    }

    /** Asks on the connection for changes. */
    private <T> T locked(Question<T> question) throws IOException {
        changing.lock();
        try {
            RemoteExport export = changer;
            if (export == null) {
                export = dial();
                changer = export;
            }
            return question.of(export);
        } catch (ServerAwayException why) {
            lose();
            throw why;
        } finally {
            changing.unlock();
        }
    }

    private void lose() {
        RemoteExport lost = changer;
        changer = null;
        if (lost != null) {
            lost.close();
        }
        if (unflushed) {
            losses++;
            unflushed = false;
        }
    }

    /**
     * Changes something, once.
     *
     * @throws ServerAwayException if it can't be known whether that happened; it and all that this thread has changed
     *     since its last flush must be repeated
     */
    void change(Change change) throws IOException {
        changing.lock();
        try {
            changedSince.putIfAbsent(Thread.currentThread(), losses);
            requireNothingLost();
            repeatedIfHarmless(change);
            unflushed = true;
        } catch (ServerAwayException why) {
            changedSince.remove(Thread.currentThread());
            away(why);
            throw why;
        } finally {
            changing.unlock();
        }
    }

    /** A connection that was lost while nothing depended on it is dialled anew, unnoticed. */
    private void repeatedIfHarmless(Change change) throws IOException {
        boolean harmless = !unflushed;
        try {
            locked(export -> made(change, export));
        } catch (ServerAwayException why) {
            if (!harmless || !waiting) {
                throw why;
            }
            locked(export -> made(change, export));
        }
    }

    private static boolean made(Change change, RemoteExport export) throws IOException {
        change.make(export);
        return true;
    }

    private void requireNothingLost() throws ServerAwayException {
        Long before = changedSince.get(Thread.currentThread());
        if (before != null && before != losses) {
            throw new ServerAwayException(
                    "the NBD server at %s was lost with changes that it had not flushed".formatted(location));
        }
    }

    /** Returns when everything that this thread has changed is on stable storage; fails like {@link #change}. */
    void flush() throws IOException {
        changing.lock();
        try {
            requireNothingLost();
            locked(export -> made(RemoteExport::flush, export));
            unflushed = false;
        } catch (ServerAwayException why) {
            away(why);
            throw why;
        } finally {
            changedSince.remove(Thread.currentThread());
            changing.unlock();
        }
    }

    /** Whether one waits for the server while it is away. */
    void waiting(boolean wait) {
        waiting = wait;
    }

    void close() {
        waiting = false;
        closed = true;
        synchronized (readers) {
            readers.forEach(RemoteExport::close);
            readers.clear();
        }
        changing.lock();
        try {
            lose();
        } finally {
            changing.unlock();
        }
    }
}
