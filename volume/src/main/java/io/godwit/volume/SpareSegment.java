package io.godwit.volume;

import io.godwit.core.ByteCount;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The file of the segment after the last one, made ready by a thread of its own, so that writers need not wait for it when
 * the log goes on there. It is made of a segment that nobody needs any more, if there is one, because in such a file
 * blocks are allocated and pages are at hand: see docs/decisions/0111. Else it is a new file, its space reserved.
 */
final class SpareSegment implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SpareSegment.class.getName());
    private static final String NAME = "spare";
    /** Of a segment that is no longer part of the log. */
    private static final String RETIRED_SUFFIX = ".old";
    /** So much room may retired segments keep until they are used again. */
    private static final ByteCount MAX_RETIRED = ByteCount.ofMiB(512);

    private final Path directory;
    private final Path file;
    private final long fileBytes;
    private final Deque<Segment.Retired> retired = new ArrayDeque<>();
    private @Nullable Thread maker;
    private boolean ready;
    private boolean closed;

    SpareSegment(Path directory, long fileBytes) {
        this.directory = directory;
        this.file = directory.resolve(NAME);
        this.fileBytes = fileBytes;
    }

    /** Deletes what an earlier process has left: none of it is part of the log. */
    static void removeLeftovers(Path directory) throws IOException {
        try (DirectoryStream<Path> old = Files.newDirectoryStream(directory, "*" + RETIRED_SUFFIX)) {
            for (Path path : old) {
                Files.delete(path);
            }
        }
        Files.deleteIfExists(directory.resolve(NAME));
    }

    /** Takes over the file of a segment that nobody needs any more. */
    synchronized void retire(Segment segment) throws IOException {
        boolean room = (retired.size() + 1) * fileBytes <= MAX_RETIRED.bytes();
        if (!closed && room && segment.fileBytes() == fileBytes) {
            retired.addLast(segment.retire(RETIRED_SUFFIX));
        } else {
            segment.delete();
        }
    }

    /** Gives back the room that retired segments take. */
    synchronized void giveUpRetired() throws IOException {
        while (deleteRetired()) {
            // One after the other.
        }
    }

    private boolean deleteRetired() throws IOException {
        Segment.Retired oldest = retired.pollFirst();
        if (oldest != null) {
            oldest.delete();
        }
        return oldest != null;
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
            Segment.Retired old = nextRetired();
            if (old == null || !old.becomes(file, directory)) {
                Segment.makeFile(file, fileBytes).close();
            }
            return true;
        } catch (IOException failed) {
            LOG.log(System.Logger.Level.DEBUG, "no segment could be made ahead of time: {0}", failed.getMessage());
            return false;
        }
    }

    private synchronized Segment.@Nullable Retired nextRetired() {
        return retired.pollFirst();
    }

    /**
     * Gives the file another name, if it is there; returns whether it was. One that is being made is waited for: that takes
     * no longer than to make another one, and no more room. Where none could be made, room is made for one.
     */
    boolean becomes(Path segment) throws IOException {
        awaitMaker();
        synchronized (this) {
            if (!ready) {
                deleteRetired();
                return false;
            }
            Segment.move(file, segment);
            ready = false;
            return true;
        }
    }

    private void awaitMaker() {
        Thread working;
        synchronized (this) {
            working = maker;
        }
        if (working != null) {
            Threads.joinUninterruptibly(working);
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
        }
        awaitMaker();
        giveUpRetired();
        Files.deleteIfExists(file);
    }
}
