package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Puts records back into the log of a closed store where it is damaged, as another site has them: they are the same
 * bytes there. Only what is no record any more is written over, never one that says something else.
 */
public final class LogMend {
    private final Path log;
    private final NavigableMap<Long, Path> segments;

    private LogMend(Path log, NavigableMap<Long, Path> segments) {
        this.log = log;
        this.segments = segments;
    }

    /**
     * Compares whole records with what stands in their places, and writes those that are damaged; durable when this
     * returns. A stop in the middle leaves damage again.
     *
     * @param from where the first of them begins, and what it chains to
     * @return how many had to be written
     * @throws GodwitException CORRUPT if they are no such records, CONFLICT if another history stands there
     */
    public static int at(Path store, LogEnd from, ByteBuffer records) throws IOException {
        StoreFiles files = new StoreFiles(store.toAbsolutePath());
        files.requireStore();
        FileLock lock = files.lock();
        try {
            return new LogMend(files.log(), segments(files.log())).mend(from, records);
        } finally {
            lock.acquiredBy().close();
        }
    }

    private static NavigableMap<Long, Path> segments(Path log) throws IOException {
        NavigableMap<Long, Path> segments = new TreeMap<>();
        for (Path segment : LogCut.segments(log)) {
            segments.put(LogCut.start(segment), segment);
        }
        return segments;
    }

    private int mend(LogEnd from, ByteBuffer records) throws IOException {
        LogEnd at = from;
        int written = 0;
        while (records.hasRemaining()) {
            ByteBuffer rest = records.slice();
            LogRecord record = LogRecord.decodeShipped(records, at.position());
            if (record.chain() != at.chain()) {
                throw new GodwitException(
                        ErrorCode.CORRUPT, "the record for %s does not follow what is here".formatted(at.position()));
            }
            written += put(record, at, rest.limit(record.shippedBytes())) ? 1 : 0;
            at = new LogEnd(record.end(), record.checksum());
        }
        return written;
    }

    /** Returns whether it was damaged. */
    private boolean put(LogRecord record, LogEnd at, ByteBuffer bytes) throws IOException {
        try (Segment segment = segmentFor(record, at)) {
            if (stands(record, segment)) {
                return false;
            }
            if (record.form() == RecordForm.ELIDED) {
                throw new GodwitException(
                        ErrorCode.NOT_FOUND, "only the head is left of the record for " + record.position());
            }
            ByteBuffer whole =
                    ByteBuffer.allocateDirect(bytes.remaining()).put(bytes).flip();
            segment.restore(record.position().value(), whole.putInt(LogRecord.FORM_AT, RecordForm.WHOLE.code()));
            segment.sync();
            return true;
        }
    }

    private static boolean stands(LogRecord record, Segment segment) throws IOException {
        ByteBuffer found = ByteBuffer.allocateDirect(LogRecord.MAX_BYTES);
        segment.read(record.position().value(), found);
        LogRecord there;
        try {
            there = LogRecord.decode(found.flip(), record.position());
        } catch (GodwitException damaged) {
            return false;
        }
        if (there.checksum() != record.checksum()) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "another record stands at %s: the two sites have different histories".formatted(record.position()));
        }
        return true;
    }

    /** The segment that begins there, with its header put right; else the one that the record fits into. */
    private Segment segmentFor(LogRecord record, LogEnd at) throws IOException {
        long position = at.position().value();
        Path begins = segments.get(position);
        if (begins != null) {
            return withHeader(begins, at);
        }
        if (segments.floorKey(position) == null) {
            throw new GodwitException(ErrorCode.NOT_FOUND, "the log has no place for what stood at " + position);
        }
        Segment segment = Segment.open(segments.floorEntry(position).getValue());
        Long next = segments.higherKey(position);
        long end = segment.start() + segment.capacity();
        if (record.end().value() > (next == null ? end : Math.min(end, next))) {
            segment.close();
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "the record for %s does not fit into the segment that it stood in".formatted(record.position()));
        }
        return segment;
    }

    private Segment withHeader(Path path, LogEnd at) throws IOException {
        try {
            return Segment.open(path);
        } catch (GodwitException headless) {
            Segment restored = Segment.begin(log, at.position().value(), at.chain(), Files.size(path));
            restored.sync();
            return restored;
        }
    }
}
