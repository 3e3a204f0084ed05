package io.godwit.volume;

import io.godwit.volume.LogRecord.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the log says about the bytes of one disk: disjoint pieces, each from the newest record that touched it. Where
 * there is no piece, the base image counts. Safe for use by several threads.
 */
final class Overlay {
    /**
     * A run of bytes of a disk that one record determines.
     *
     * @param offset first byte on the disk
     * @param kind WRITE, ZERO or TRIM
     * @param record position of the record
     * @param payload position of the first byte's content in the log; only for a WRITE
     */
    record Piece(long offset, long length, Kind kind, long record, long payload) {
        static Piece of(LogRecord record) {
            return new Piece(
                    record.offset(),
                    record.length(),
                    record.kind(),
                    record.position().value(),
                    record.payloadPosition(record.offset()));
        }

        long end() {
            return offset + length;
        }

        /** The part from {@code from} to {@code to}, which must overlap this piece. */
        Piece clip(long from, long to) {
            long begin = Math.max(offset, from);
            long end = Math.min(end(), to);
            return begin == offset && end == end()
                    ? this
                    : new Piece(begin, end - begin, kind, record, payload + begin - offset);
        }
    }

    private final TreeMap<Long, Piece> pieces = new TreeMap<>();
    private volatile int size;

    /** Lets a record's range count from now on, in place of older pieces. */
    synchronized void put(Piece piece) {
        if (piece.length == 0) {
            return;
        }
        carve(piece.offset, piece.end(), Long.MAX_VALUE);
        pieces.put(piece.offset, piece);
        size = pieces.size();
    }

    /** Forgets what records before position {@code before} say about a range. */
    synchronized void drop(long from, long to, long before) {
        if (from < to) {
            carve(from, to, before);
            size = pieces.size();
        }
    }

    private void carve(long from, long to, long before) {
        for (Piece old : overlapping(from, to)) {
            if (old.record >= before) {
                continue;
            }
            pieces.remove(old.offset);
            if (old.offset < from) {
                pieces.put(old.offset, old.clip(old.offset, from));
            }
            if (old.end() > to) {
                pieces.put(to, old.clip(to, old.end()));
            }
        }
    }

    /** The pieces that overlap a range, clipped to it, in order. */
    synchronized List<Piece> within(long from, long to) {
        if (pieces.isEmpty() || from >= to) {
            return List.of();
        }
        List<Piece> found = overlapping(from, to);
        found.replaceAll(piece -> piece.clip(from, to));
        return found;
    }

    synchronized List<Piece> all() {
        return List.copyOf(pieces.values());
    }

    int size() {
        return size;
    }

    private List<Piece> overlapping(long from, long to) {
        List<Piece> found = new ArrayList<>();
        Map.Entry<Long, Piece> entry = pieces.floorEntry(from);
        if (entry == null || entry.getValue().end() <= from) {
            entry = pieces.higherEntry(from);
        }
        while (entry != null && entry.getKey() < to) {
            found.add(entry.getValue());
            entry = pieces.higherEntry(entry.getKey());
        }
        return found;
    }
}
