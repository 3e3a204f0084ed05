package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.LogRecord.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The segments of a group's log. Appending is for one thread at a time (the caller's lock sees to it); reading,
 * syncing and reclaiming may happen beside it. The head moves only when a record is written as a whole, and over a batch
 * that came from another site only when all of it is: until then it stands behind the head and can be cut off.
 */
final class GroupLog implements AutoCloseable {
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final Path directory;
    private final long segmentFileBytes;
    private final ConcurrentSkipListMap<Long, Segment> segments = new ConcurrentSkipListMap<>();
    private final ByteBuffer header = ByteBuffer.allocateDirect(LogRecord.HEADER_BYTES);
    private final ByteBuffer paddedPayload = ByteBuffer.allocateDirect(LogRecord.MAX_PAYLOAD_BYTES);
    private final SpareSegment spare;
    private volatile long head;
    /** Whether a segment's name may not be durable yet. */
    private volatile boolean unnamed;

    private int chain;
    /** Whether no guest can know what the next record has to chain to: see {@link LogRecord#salts}. */
    private volatile boolean salted;
    /** Where the next record is written: at the head, or behind it within a batch. */
    private long end;

    private int endChain;

    /** @param found at least one segment, in order and without a gap up to the last one's beginning */
    GroupLog(Path directory, long segmentFileBytes, List<Segment> found, long head, int chain) {
        this.directory = directory;
        this.segmentFileBytes = segmentFileBytes;
        found.forEach(segment -> segments.put(segment.start(), segment));
        this.head = head;
        this.chain = chain;
        this.end = head;
        this.endChain = chain;
        this.spare = new SpareSegment(directory, segmentFileBytes);
    }

    Position head() {
        return new Position(head);
    }

    Position tail() {
        return new Position(segments.firstKey());
    }

    /** Bytes of all segment files. */
    long fileBytes() {
        return segments.values().stream().mapToLong(Segment::fileBytes).sum();
    }

    long nextSegmentBytes() {
        return segmentFileBytes;
    }

    /** Whether so many bytes can be appended without another segment. */
    boolean fits(long bytes) {
        Segment last = segments.lastEntry().getValue();
        return last.start() + last.capacity() - end >= bytes;
    }

    /** Whether nothing was written yet to the last segment. */
    boolean hasEmptySegment() {
        return segments.lastKey() == end;
    }

    /** Goes on in a new segment. */
    void roll() throws IOException {
        Segment fresh = next();
        segments.put(fresh.start(), fresh);
    }

    private Segment next() throws IOException {
        if (!spare.becomes(Segment.path(directory, end))) {
            return Segment.create(directory, end, endChain, segmentFileBytes);
        }
        unnamed = true;
        return Segment.begin(directory, end, endChain, segmentFileBytes);
    }

    /** Gives back the room that is kept for further segments. */
    void giveUpRetired() throws IOException {
        spare.giveUpRetired();
    }

    /** Has the space for the next segment reserved in the background, so that no writer has to wait for it. */
    void prepareNext() {
        spare.prepare();
    }

    /** Appends one record; it must fit. The payload's content is consumed. */
    LogRecord append(Kind kind, int disk, long offset, int length, Term term, ByteBuffer payload) throws IOException {
        ByteBuffer padded = pad(payload);
        LogRecord unsealed = new LogRecord(kind, disk, offset, length, head(), term, chain, 0, 0, RecordForm.WHOLE);
        LogRecord sealed = LogRecord.encode(header, unsealed, padded);
        segments.lastEntry().getValue().write(head, header, padded);
        written(sealed);
        publish(sealed);
        salted |= sealed.salts();
        return sealed;
    }

    private ByteBuffer pad(ByteBuffer payload) {
        int padded = LogRecord.padded(payload.remaining());
        if (padded == payload.remaining()) {
            return payload;
        }
        paddedPayload.clear().put(payload);
        while (paddedPayload.position() < padded) {
            paddedPayload.put((byte) 0);
        }
        return paddedPayload.flip();
    }

    /**
     * Writes records that were checked, as they crossed; they must fit. The head stays where it is until {@link #publish}.
     * Where a payload was left out, its place in the file is left as it is.
     */
    void appendChecked(ByteBuffer shipped, List<LogRecord> records) throws IOException {
        Segment segment = segments.lastEntry().getValue();
        long at = end;
        int bytes = 0;
        for (LogRecord record : records) {
            bytes += record.shippedBytes();
            if (record.shippedBytes() < record.bytes()) {
                write(segment, at, shipped, bytes);
                at = record.end().value();
                bytes = 0;
            }
        }
        write(segment, at, shipped, bytes);
        written(records.getLast());
    }

    private static void write(Segment segment, long at, ByteBuffer from, int bytes) throws IOException {
        if (bytes > 0) {
            segment.write(at, from.slice(from.position(), bytes), NOTHING.duplicate());
            from.position(from.position() + bytes);
        }
    }

    private void written(LogRecord last) {
        end = last.end().value();
        endChain = last.checksum();
    }

    /** Moves the head to the end of a record that was written. */
    void publish(LogRecord last) {
        chain = last.checksum();
        head = last.end().value();
    }

    /** A record that was appended salts the chain. */
    void salted() {
        salted = true;
    }

    /** What the next record is to be written behind. */
    LogEnd writtenEnd() {
        return new LogEnd(new Position(end), endChain);
    }

    /** Forgets what was written behind the head. */
    void cutBack() throws IOException {
        if (end == head) {
            return;
        }
        while (segments.lastKey() > head) {
            segments.pollLastEntry().getValue().delete();
        }
        segments.lastEntry().getValue().clearFrom(head);
        Segment.syncDirectory(directory);
        end = head;
        endChain = chain;
    }

    /** Checksum of the last record before the head; 0 if there was none yet. */
    int chain() {
        return chain;
    }

    /**
     * Fills {@code into} with the log's bytes from {@code position} on, at most up to the end of the segment.
     *
     * @return whether the log still holds that position
     */
    boolean read(long position, ByteBuffer into) throws IOException {
        Map.Entry<Long, Segment> found = segments.floorEntry(position);
        if (found == null) {
            return false;
        }
        try {
            found.getValue().read(position, into);
            return true;
        } catch (ClosedChannelException reclaimed) {
            if (segments.containsKey(found.getKey())) {
                throw reclaimed;
            }
            return false;
        }
    }

    /**
     * Copies the log's bytes from {@code from} on into {@code into}, up to {@code limit}, which must not lie beyond the head.
     *
     * @return whether the log still holds that position
     */
    boolean copy(long from, long limit, ByteBuffer into) throws IOException {
        long at = from;
        int room = into.limit();
        while (at < limit && into.position() < room) {
            long end = Math.min(limit, Math.min(endOfSegment(at), at + room - into.position()));
            into.limit(into.position() + (int) (end - at));
            boolean held = read(at, into);
            into.limit(room);
            if (!held) {
                return false;
            }
            at = end;
        }
        return true;
    }

    /** Where the records of the segment that holds {@code position} end: the next segment's beginning, or the head. */
    long endOfSegment(long position) {
        Long next = segments.higherKey(position);
        return next == null ? head : next;
    }

    /** Makes the bytes from {@code from} to {@code to} durable. */
    void sync(long from, long to) throws IOException {
        Long first = segments.floorKey(from);
        if (first == null) {
            throw new GodwitException(ErrorCode.FAILED, "the log was reclaimed before it was durable");
        }
        for (Segment segment :
                segments.subMap(first, true, Math.max(first, to), true).values()) {
            segment.sync();
        }
        if (unnamed) {
            unnamed = false;
            Segment.syncDirectory(directory);
        }
    }

    /** Lets go of the segments that end at or before {@code limit}; the last one stays. Returns whether there were any. */
    boolean reclaim(long limit) throws IOException {
        boolean any = false;
        while (segments.size() > 1) {
            Segment first = segments.firstEntry().getValue();
            if (segments.higherKey(first.start()) > limit) {
                break;
            }
            segments.remove(first.start());
            if (salted) {
                spare.retire(first);
            } else {
                first.delete();
            }
            any = true;
        }
        return any;
    }

    @Override
    public void close() throws IOException {
        spare.close();
        segments.values().forEach(Segment::close);
    }
}
