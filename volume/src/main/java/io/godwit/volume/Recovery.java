package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.volume.Progress.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds out, after a stop at any moment, what the log holds: all whole records up to the first that isn't, and of a batch
 * all or nothing. What lies behind is cleared, so that it can never be taken for a record again. Rules: docs/log-format.md.
 */
final class Recovery {
    private static final System.Logger LOG = System.getLogger(Recovery.class.getName());
    private static final int WINDOW_BYTES = 4 << 20;

    private final Path directory;
    private final Position applied;
    private final Position promised;
    private final Consumer<LogRecord> replay;
    private final ByteBuffer window = ByteBuffer.allocateDirect(WINDOW_BYTES);
    private final List<Segment> segments = new ArrayList<>();
    /** Files that begin with no whole header, and those behind them: nothing in them was ever durable, or there is damage. */
    private final List<Path> unfinished = new ArrayList<>();

    /** Whether the first of them was begun all the same: then they are kept, for whoever wants to look. */
    private boolean damaged;

    private long head;
    private int chain;
    /** Of a batch whose end was not met yet. */
    private final List<LogRecord> batch = new ArrayList<>();
    /** The last position at which the disks are complete, and the checksum before it. */
    private LogEnd point = LogEnd.NOTHING;

    private Recovery(Path directory, Checkpoint known, Consumer<LogRecord> replay) {
        this.directory = directory;
        this.applied = known.applied();
        this.promised = known.promised();
        this.replay = replay;
    }

    /**
     * Opens the log in {@code directory}; everything in it is durable afterwards.
     *
     * @param known what the base images already hold, and what the log held for certain
     * @param replay is given every record that the images don't hold, in order
     * @throws GodwitException CORRUPT if the log ends before that, or has a gap; nothing was changed then
     */
    static GroupLog run(Path directory, long segmentFileBytes, Checkpoint known, Consumer<LogRecord> replay)
            throws IOException {
        Recovery recovery = new Recovery(directory, known, replay);
        try {
            SpareSegment.removeLeftovers(directory);
            recovery.openSegments();
            recovery.scan();
            recovery.makeDurable();
        } catch (IOException | GodwitException failed) {
            recovery.segments.forEach(Segment::close);
            throw failed;
        }
        return new GroupLog(directory, segmentFileBytes, recovery.segments, recovery.head, recovery.chain);
    }

    /** Where the log of a closed store is damaged: where it ends, although it held more for certain. Changes nothing. */
    static Optional<LogDamage> damage(Path directory, Checkpoint known) throws IOException {
        Recovery recovery = new Recovery(directory, known, record -> {});
        try {
            recovery.openSegments();
            recovery.findEnd();
            return recovery.endsEarly()
                    ? Optional.of(
                            new LogDamage(new LogEnd(new Position(recovery.head), recovery.chain), recovery.promised))
                    : Optional.empty();
        } finally {
            recovery.segments.forEach(Segment::close);
        }
    }

    private boolean endsEarly() {
        return !new Position(head).reaches(promised);
    }

    private void openSegments() throws IOException {
        List<Path> paths = segmentPaths();
        for (Path path : paths) {
            try {
                segments.add(Segment.open(path));
            } catch (GodwitException headless) {
                unfinished.addAll(paths.subList(paths.indexOf(path), paths.size()));
                damaged = !Segment.isBlank(path);
                break;
            }
        }
        if (segments.isEmpty()) {
            throw new GodwitException(ErrorCode.CORRUPT, "there is no log segment in " + directory);
        }
    }

    private List<Path> segmentPaths() throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*" + Segment.SUFFIX)) {
            found.forEach(paths::add);
        }
        paths.sort(null);
        return paths;
    }

    /** Reads up to the end; returns the number of segments up to there. */
    private int findEnd() throws IOException {
        int index = firstToScan();
        head = segments.get(index).start();
        chain = segments.get(index).chain();
        point = new LogEnd(new Position(head), chain);
        while (index < segments.size()
                && segments.get(index).start() == head
                && segments.get(index).chain() == chain) {
            scan(segments.get(index++));
        }
        return index;
    }

    private void scan() throws IOException {
        int index = findEnd();
        if (endsEarly()) {
            throw new GodwitException(
                    ErrorCode.CORRUPT,
                    "the log in %s is damaged at %d: everything up to %s was on stable storage, the disk images hold what is before %s"
                            .formatted(directory, head, promised, applied));
        }
        cutBatch();
        while (segments.size() > index || segments.getLast().start() > head) {
            segments.removeLast().delete();
        }
        for (Path path : unfinished) {
            clearAway(path);
        }
        segments.getLast().clearFrom(head);
    }

    /** What has come of a batch is nothing without the rest of it. */
    private void cutBatch() {
        if (!batch.isEmpty()) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "the log in {0} ends within a batch, at {1}: it goes on where that begins, at {2}",
                    directory,
                    head,
                    point.position());
            head = point.position().value();
            chain = point.chain();
        }
    }

    private void clearAway(Path path) throws IOException {
        if (damaged) {
            Path aside = path.resolveSibling(path.getFileName() + ".damaged");
            Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
            LOG.log(System.Logger.Level.WARNING, "the log ends before a damaged segment; it is kept as {0}", aside);
        } else {
            LOG.log(System.Logger.Level.INFO, "{0} holds nothing that was durable: removed", path);
            Files.delete(path);
        }
    }

    /** Index of the segment where the first record that must be replayed stands. */
    private int firstToScan() {
        int index = segments.size() - 1;
        while (index > 0 && segments.get(index).start() > applied.value()) {
            index--;
        }
        return index;
    }

    private void scan(Segment segment) throws IOException {
        long end = segment.start() + segment.capacity();
        while (head < end) {
            window.clear().limit((int) Math.min(WINDOW_BYTES, end - head));
            segment.read(head, window);
            if (!replay(window.flip(), end)) {
                return;
            }
        }
    }

    /** Takes the whole records of the window; returns whether a record may follow in the next one. */
    private boolean replay(ByteBuffer records, long end) {
        long before = head;
        while (records.hasRemaining()) {
            LogRecord record;
            try {
                record = LogRecord.decode(records, new Position(head));
            } catch (GodwitException noRecord) {
                boolean cut = records.remaining() < LogRecord.MAX_BYTES && head + records.remaining() < end;
                return cut && head > before;
            }
            if (record.chain() != chain) {
                return false;
            }
            chain = record.checksum();
            head = record.end().value();
            take(record);
        }
        return true;
    }

    private void take(LogRecord record) {
        batch.add(record);
        if (record.endsAtPoint()) {
            batch.stream().filter(each -> each.position().reaches(applied)).forEach(replay);
            batch.clear();
            point = new LogEnd(record.end(), record.checksum());
        }
    }

    private void makeDurable() throws IOException {
        for (Segment segment : segments.subList(firstToScan(), segments.size())) {
            segment.sync();
        }
        Segment.syncDirectory(directory);
    }
}
