package io.godwit.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The file of the segment after the last one, its space reserved ahead of time by a thread of its own: writers need not
 * wait for it when the log goes on there.
 */
final class SpareSegment implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SpareSegment.class.getName());
    private static final String NAME = "spare";

    private final Path file;
    private final long fileBytes;
    private @Nullable Thread maker;
    private boolean ready;
    private boolean closed;

    SpareSegment(Path directory, long fileBytes) {
        this.file = directory.resolve(NAME);
        this.fileBytes = fileBytes;
    }

    /** Has the file made, unless there is one; where there is no room for it, the one who needs it will find out. */
    synchronized void prepare() {
        if (!ready && maker == null && !closed) {
            maker = Thread.ofPlatform().daemon().name("spare-segment").start(this::make);
        }
    }

    private void make() {
        boolean made = tryMake();
        synchronized (this) {
            ready = made;
            maker = null;
        }
    }

    private boolean tryMake() {
        try {
            Segment.makeFile(file, fileBytes).close();
            return true;
        } catch (IOException failed) {
            LOG.log(System.Logger.Level.DEBUG, "no segment could be made ahead of time: {0}", failed.getMessage());
            return false;
        }
    }

    /** Gives the file another name, if it is ready; returns whether it was. */
    synchronized boolean becomes(Path segment) throws IOException {
        if (!ready) {
            return false;
        }
        Segment.move(file, segment);
        ready = false;
        return true;
    }

    @Override
    public void close() throws IOException {
        Thread working;
        synchronized (this) {
            closed = true;
            working = maker;
        }
        if (working != null) {
            Threads.joinUninterruptibly(working);
        }
        Files.deleteIfExists(file);
    }
}
