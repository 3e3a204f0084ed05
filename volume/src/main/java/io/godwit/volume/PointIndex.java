package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds out which bytes of the disks the records of a part of the log determine, from the records' heads alone. */
final class PointIndex {
    /** Takes in many small records at once, and wastes little at large ones. */
    private static final int CHUNK_BYTES = 32 << 10;

    private final GroupLog log;
    private final long to;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    private final List<DiskSpec> specs;
    private final List<Overlay> disks;

    private PointIndex(GroupLog log, List<DiskSpec> specs, Position to) {
        this.log = log;
        this.to = to.value();
        this.specs = specs;
        this.disks = Stream.generate(Overlay::new).limit(specs.size()).toList();
    }

    /**
     * The overlays of the disks, in their order; none if that part of the log was reclaimed meanwhile.
     *
     * @throws GodwitException BAD_INPUT if no record ends at {@code to}, CORRUPT if the log is damaged before it
     */
    static Optional<List<Overlay>> of(GroupLog log, List<DiskSpec> disks, Position from, Position to)
            throws IOException {
        PointIndex index = new PointIndex(log, disks, to);
        return index.scan(from.value()) ? Optional.of(index.disks) : Optional.empty();
    }

    private boolean scan(long from) throws IOException {
        long at = from;
        while (at < to) {
            chunk.clear();
            if (!log.copy(at, to, chunk)) {
                return false;
            }
            at = scanChunk(at, chunk.flip());
        }
        if (at != to) {
            throw noSuchPoint();
        }
        return true;
    }

    /** Returns where the first record begins whose head isn't in this chunk. */
    private long scanChunk(long begin, ByteBuffer heads) {
        if (heads.remaining() < LogRecord.HEADER_BYTES) {
            throw noSuchPoint();
        }
        long at = begin;
        while (at - begin <= heads.limit() - LogRecord.HEADER_BYTES) {
            LogRecord record = LogRecord.decodeHead(heads.position((int) (at - begin)), new Position(at));
            record.checkFits(specs);
            if (record.counts()) {
                disks.get(record.disk()).put(Overlay.Piece.of(record));
            }
            at = record.end().value();
        }
        return at;
    }

    private GodwitException noSuchPoint() {
        return new GodwitException(ErrorCode.BAD_INPUT, "no record of the log ends at %d".formatted(to));
    }
}
