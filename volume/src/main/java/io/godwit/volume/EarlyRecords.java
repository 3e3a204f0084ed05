package io.godwit.volume;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a replica holds of some disks ahead of its log: all of their records from a position within the log on up to another
 * one, copies of what the log is going to bring. They are needed only if this site is promoted before the log has come so
 * far; what it has reached durably is dropped. Layout: docs/log-format.md. Thread-safe.
 */
final class EarlyRecords implements AutoCloseable {
    /** So many files share the room: it is given back a file at a time. */
    private static final int FILES = 8;

    private final Path directory;
    private final long mostBytes;
    private final Deque<EarlyFile> files = new ArrayDeque<>();
    private boolean dirty;

    private EarlyRecords(Path directory, long mostBytes) {
        this.directory = directory;
        this.mostBytes = mostBytes;
    }

    /**
     * Opens those in a directory, which need not exist.
     *
     * @param mostBytes bytes of files that may be held
     * @param head where the log ends, durably: what begins behind it, or behind a gap, was never acknowledged
     */
    static EarlyRecords open(Path directory, long mostBytes, Position head) throws IOException {
        EarlyRecords records = new EarlyRecords(directory, mostBytes);
        Position covered = head;
        for (Path path : records.found()) {
            EarlyFile file = EarlyFile.open(path);
            boolean needed = !file.isEmpty() && covered.reaches(file.from()) && !covered.reaches(file.to());
            if (needed) {
                records.files.add(file);
                covered = file.to();
            } else {
                file.delete();
            }
        }
        return records;
    }

    private List<Path> found() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.sorted().toList();
        }
    }

    synchronized boolean isEmpty() {
        return files.isEmpty();
    }

    /** All records of those disks before it are here, or in the log; START if none are here. */
    synchronized Position reach() {
        return files.isEmpty() ? Position.START : files.getLast().to();
    }

    /** Bytes of the files. */
    synchronized ByteCount held() {
        return new ByteCount(files.stream().mapToLong(EarlyFile::bytes).sum());
    }

    /** Bytes that whoever counts what it sends may let them hold. */
    ByteCount room() {
        return room(mostBytes);
    }

    /** The same of those that will be opened. */
    static ByteCount room(long mostBytes) {
        return new ByteCount(mostBytes - mostBytes / FILES);
    }

    /**
     * Takes all records of those disks from one position to another, as they cross between sites; not durable before {@link #sync}.
     *
     * @param head where the log ends
     * @param records checked; consumed
     * @throws GodwitException CORRUPT if they leave a gap, or there are more than was allowed
     */
    synchronized void add(EarlyBatch batch, Position head, ByteBuffer records) throws IOException {
        boolean leavesGap = !head.reaches(batch.from()) && !batch.from().equals(reach());
        if (leavesGap || batch.from().compareTo(reach()) < 0) {
            throw corrupt("early records from %s to %s, but the log is at %s and others reach to %s"
                    .formatted(batch.from(), batch.to(), head, reach()));
        }
        lastFor(batch, records.remaining()).append(batch, records);
        dirty = true;
    }

    private EarlyFile lastFor(EarlyBatch batch, int bytes) throws IOException {
        long more = EarlyBatch.HEADER_BYTES + (long) bytes;
        if (held().bytes() + more > mostBytes) {
            throw corrupt("more early records than there is room for");
        }
        boolean fits = !files.isEmpty()
                && files.getLast().bytes() + more <= mostBytes / FILES
                && files.getLast().goesOn(batch);
        if (!fits) {
            Files.createDirectories(directory);
            files.add(EarlyFile.create(directory, batch));
        }
        return files.getLast();
    }

    /**
     * What is durable.
     *
     * @param from only with the log up to there it is worth anything
     * @param to all records of those disks before it are here, or in the log up to {@code from}
     */
    record Synced(Position from, Position to) {}

    /** Makes durable what was added. For one thread at a time, which is also the one that calls {@link #reached}. */
    Synced sync() throws IOException {
        List<EarlyFile> fresh;
        Synced synced;
        synchronized (this) {
            fresh = dirty ? new ArrayList<>(files) : List.of();
            synced = new Synced(runFrom(), reach());
            dirty = false;
        }
        for (EarlyFile file : fresh) {
            file.sync();
        }
        if (!fresh.isEmpty()) {
            Segment.syncDirectory(directory);
        }
        return synced;
    }

    /** Where the last files begin that leave no gap between each other. */
    private Position runFrom() {
        Position from = Position.START;
        Position to = Position.START;
        for (EarlyFile file : files) {
            from = to.equals(file.from()) ? from : file.from();
            to = file.to();
        }
        return from;
    }

    /** The log holds everything before {@code durable}: copies of that are dropped. */
    synchronized void reached(Position durable) throws IOException {
        while (!files.isEmpty() && durable.reaches(files.getFirst().to())) {
            files.removeFirst().delete();
        }
    }

    /** What a promoted replica puts behind its log. */
    interface Replay {
        void take(LogRecord record, ByteBuffer payload) throws IOException;
    }

    /** Gives out, in order, all records that begin at {@code from} or behind it. */
    synchronized void replay(Position from, Replay replay) throws IOException {
        for (EarlyFile file : files) {
            file.replay(from, replay);
        }
    }

    /** Drops those of another term, durably: they are of another history. */
    synchronized void keepOnly(Term term) throws IOException {
        boolean dropped = false;
        for (Iterator<EarlyFile> each = files.iterator(); each.hasNext(); ) {
            EarlyFile file = each.next();
            if (!file.term().equals(term)) {
                each.remove();
                file.delete();
                dropped = true;
            }
        }
        if (dropped) {
            Segment.syncDirectory(directory);
        }
    }

    /** Drops everything, durably. */
    synchronized void clear() throws IOException {
        dropAll();
        if (Files.isDirectory(directory)) {
            Segment.syncDirectory(directory);
        }
    }

    private void dropAll() throws IOException {
        while (!files.isEmpty()) {
            files.removeLast().delete();
        }
    }

    private static GodwitException corrupt(String what) {
        return new GodwitException(ErrorCode.CORRUPT, "the other side sent " + what);
    }

    @Override
    public synchronized void close() {
        files.forEach(EarlyFile::close);
    }
}
