package io.godwit.volume;

import io.godwit.core.DurableFile;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.posix.PosixFile;
import io.godwit.core.posix.PosixFile.Access;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What stands for the part of the log that a follower still needs and that had to go: which blocks changed since its
 * position. A segment is deleted only after what its records changed is in these files on stable storage; so from the
 * follower's position on each change is either in the set or still in the log. Used under the lock of {@link Progress}.
 */
final class ChangeTracker {
    private static final String TITLE = "godwit-changes 1";
    private static final String DIRECTORY = "changes";
    /** A follower may have more than it said: so many records behind its position it is still recognized. */
    private static final int MAX_TRAIL = 1 << 16;

    private static final int TRAIL_BYTES = Long.BYTES + Integer.BYTES;

    private final Path directory;
    private final String follower;
    private final LogEnd since;
    private final Map<Position, Integer> trail;
    private final ChangedBlocks changed;
    private Position upTo;

    private ChangeTracker(
            Path directory,
            String follower,
            LogEnd since,
            Map<Position, Integer> trail,
            ChangedBlocks changed,
            Position upTo) {
        this.directory = directory;
        this.follower = follower;
        this.since = since;
        this.trail = trail;
        this.changed = changed;
        this.upTo = upTo;
    }

    static void delete(Path store) throws IOException {
        PatchStore.delete(store.resolve(DIRECTORY));
    }

    /** Begins to track what changed from {@code since} on, of which the log still has everything; durable when this returns. */
    static ChangeTracker begin(
            Path store, List<DiskSpec> disks, String follower, LogEnd since, GroupLog log, Position to)
            throws IOException {
        delete(store);
        Path directory = Files.createDirectories(store.resolve(DIRECTORY));
        Map<Position, Integer> trail = new HashMap<>();
        ChangedBlocks changed = ChangedBlocks.none(disks);
        scan(log, since.position(), to, record -> {
            changed.add(record);
            if (trail.size() < MAX_TRAIL) {
                trail.put(record.end(), record.checksum());
            }
        });
        ChangeTracker tracker = new ChangeTracker(directory, follower, since, trail, changed, to);
        tracker.saveTrail();
        tracker.save();
        return tracker;
    }

    /** What an earlier process has left; nothing if there is none, or it doesn't join the log. */
    static Optional<ChangeTracker> open(Path store, List<DiskSpec> disks, Position tail) throws IOException {
        Path directory = store.resolve(DIRECTORY);
        DurableFile file = new DurableFile(directory.resolve("state"));
        if (!Files.exists(file.path())) {
            return Optional.empty();
        }
        StateText text = StateText.read(file, TITLE);
        LogEnd since = new LogEnd(new Position(text.number("since")), (int) text.number("chain"));
        Position upTo = new Position(text.number("upto"));
        if (upTo.compareTo(tail) < 0) {
            throw new GodwitException(
                    ErrorCode.CORRUPT, "%s ends at %s, the log begins at %s".formatted(file.path(), upTo, tail));
        }
        List<BlockMap> maps = new ArrayList<>();
        for (int disk = 0; disk < disks.size(); disk++) {
            maps.add(BlockMap.read(mapPath(directory, disk), ChangedBlocks.blockBytes(disks)));
        }
        return Optional.of(new ChangeTracker(
                directory, text.value("follower"), since, readTrail(directory), new ChangedBlocks(disks, maps), upTo));
    }

    private static Path mapPath(Path directory, int disk) {
        return directory.resolve("%d.map".formatted(disk));
    }

    private static Map<Position, Integer> readTrail(Path directory) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(
                new DurableFile(directory.resolve("trail")).read().orElse(new byte[0]));
        Map<Position, Integer> trail = new HashMap<>();
        while (bytes.remaining() >= TRAIL_BYTES) {
            trail.put(new Position(bytes.getLong()), bytes.getInt());
        }
        return trail;
    }

    private void saveTrail() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(trail.size() * TRAIL_BYTES);
        trail.forEach((end, chain) -> bytes.putLong(end.value()).putInt(chain));
        new DurableFile(directory.resolve("trail")).write(bytes.array());
    }

    String follower() {
        return follower;
    }

    LogEnd since() {
        return since;
    }

    /** Everything before it is in the set. */
    Position upTo() {
        return upTo;
    }

    /** Whether a log that ends there has the same history as ours, and everything that changed behind that end is known. */
    boolean covers(LogEnd end) {
        Integer chain = trail.get(end.position());
        return end.equals(since) || (chain != null && chain == end.chain());
    }

    ChangedBlocks changed() {
        return changed;
    }

    /** Takes in what the log says up to the end of a record at or behind {@code to}; durable when this returns. */
    void extend(GroupLog log, Position to) throws IOException {
        if (upTo.reaches(to)) {
            return;
        }
        Position reached = scan(log, upTo, to, changed::add);
        saveMaps();
        saveState(reached);
        upTo = reached;
    }

    private static Position scan(GroupLog log, Position from, Position to, java.util.function.Consumer<LogRecord> each)
            throws IOException {
        OptionalLong end = LogHeads.scan(log, from.value(), to.value(), each);
        return new Position(
                end.orElseThrow(() -> new IOException("the log was reclaimed before its changes were noted")));
    }

    private void save() throws IOException {
        saveMaps();
        saveState(upTo);
    }

    private void saveMaps() throws IOException {
        for (int disk = 0; disk < changed.disks(); disk++) {
            Path path = mapPath(directory, disk);
            Map<Long, long[]> pages = changed.map(disk).takeChanged();
            try (PosixFile file = PosixFile.open(path, Files.exists(path) ? Access.READ_WRITE : Access.CREATE)) {
                BlockMap.write(pages, file);
            } catch (IOException failed) {
                changed.map(disk).putBack(pages);
                throw failed;
            }
        }
        Segment.syncDirectory(directory);
    }

    /** Replaced as a whole after the sets are durable. */
    private void saveState(Position reached) throws IOException {
        new StateText(
                        TITLE,
                        List.of(
                                "follower " + follower,
                                "since " + since.position(),
                                "chain " + Integer.toUnsignedLong(since.chain()),
                                "upto " + reached))
                .write(new DurableFile(directory.resolve("state")));
    }
}
