package io.godwit.volume;

import io.godwit.core.Position;
import io.godwit.volume.Overlay.Piece;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Records that are applied to the base images together: up to a point if one lies within the buffer, otherwise part of a
 * batch that came as a whole. Of several records for the same bytes only the last counts.
 *
 * @param content the log's bytes from {@code begin} on
 * @param disks what changes, disk by disk
 * @param atPoint whether the disks are complete at {@code end}
 */
record ApplyBatch(ByteBuffer content, List<Overlay> disks, long begin, long end, boolean atPoint) {
    /** Reads from the log what {@code buffer} takes. */
    static ApplyBatch read(GroupLog log, long from, long to, int diskCount, ByteBuffer buffer) throws IOException {
        buffer.clear();
        if (!log.copy(from, to, buffer)) {
            throw new IOException("the log was reclaimed before it was applied");
        }
        List<LogRecord> records = wholeRecords(buffer.flip(), from);
        int points = records.size();
        while (points > 0 && !records.get(points - 1).endsAtPoint()) {
            points--;
        }
        List<LogRecord> taken = points > 0 ? records.subList(0, points) : records;
        List<Overlay> disks = Stream.generate(Overlay::new).limit(diskCount).toList();
        taken.stream()
                .filter(LogRecord::counts)
                .forEach(record -> disks.get(record.disk()).put(Piece.of(record)));
        long end = taken.isEmpty() ? from : taken.getLast().end().value();
        return new ApplyBatch(buffer, disks, from, end, points > 0);
    }

    private static List<LogRecord> wholeRecords(ByteBuffer buffer, long from) {
        List<LogRecord> records = new ArrayList<>();
        Position at = new Position(from);
        ByteBuffer rest = buffer.duplicate();
        while (rest.remaining() >= LogRecord.HEADER_BYTES
                && rest.remaining() >= LogRecord.decodeHead(rest, at).bytes()) {
            LogRecord record = LogRecord.decode(rest, at);
            records.add(record);
            at = record.end();
        }
        return records;
    }

    List<Piece> ofDisk(int disk) {
        return disks.get(disk).all();
    }

    /** The bytes of a piece that a WRITE determines. */
    ByteBuffer content(Piece piece) {
        return content.slice((int) (piece.payload() - begin), (int) piece.length());
    }
}
