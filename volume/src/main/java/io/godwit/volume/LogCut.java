package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.volume.Progress.Checkpoint;
import io.godwit.volume.StoreFiles.Ownership;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Takes the end off the log of a closed store, whose images don't hold any of it. */
public final class LogCut {
    private LogCut() {}

    /**
     * Lets the log end at {@code end}, where a record ends. After a crash it ends there or somewhere behind.
     *
     * @throws GodwitException CONFLICT if the images are beyond it, or the log begins behind it
     */
    public static void at(Path directory, Position end) throws IOException {
        StoreFiles files = new StoreFiles(directory.toAbsolutePath());
        files.requireStore();
        FileLock lock = files.lock();
        try {
            cut(files, end);
        } finally {
            lock.acquiredBy().close();
        }
    }

    private static void cut(StoreFiles files, Position end) throws IOException {
        Checkpoint checkpoint = Checkpoint.read(files.checkpoint());
        List<Path> segments = segments(files.log());
        if (!end.reaches(checkpoint.reaching()) || start(segments.getFirst()) > end.value()) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "the log below %s can't be cut at %s: the images are at %s"
                            .formatted(files.directory(), end, checkpoint.reaching()));
        }
        ChangeTracker.delete(files.directory());
        checkpoint.until(end).write(files.checkpoint());
        Ownership known = files.readOwnership();
        files.writeOwnership(new Ownership(known.role(), known.term(), TermStart.until(known.terms(), end)));
        while (start(segments.getLast()) >= end.value() && segments.size() > 1) {
            Files.delete(segments.getLast());
            segments = segments.subList(0, segments.size() - 1);
            Segment.syncDirectory(files.log());
        }
        try (Segment last = Segment.open(segments.getLast())) {
            if (end.value() < last.start() + last.capacity()) {
                last.clearFrom(end.value());
                last.sync();
            }
        }
    }

    static List<Path> segments(Path log) throws IOException {
        try (Stream<Path> files = Files.list(log)) {
            return files.filter(file -> file.toString().endsWith(Segment.SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    static long start(Path segment) {
        String name = String.valueOf(segment.getFileName());
        return Long.parseLong(name.substring(0, name.length() - Segment.SUFFIX.length()));
    }
}
