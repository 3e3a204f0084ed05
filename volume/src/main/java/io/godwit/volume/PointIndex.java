package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Finds out which bytes of the disks the records of a part of the log determine, from the records' heads alone. */
final class PointIndex {
    private final List<DiskSpec> specs;
    private final List<Overlay> disks;
    /** The last position so far at which the disks can be shown. */
    private Position point;

    private PointIndex(List<DiskSpec> specs, Position from) {
        this.specs = specs;
        this.point = from;
        this.disks = Stream.generate(Overlay::new).limit(specs.size()).toList();
    }

    /**
     * The overlays of the disks, in their order; none if that part of the log was reclaimed meanwhile.
     *
     * @param from a point
     * @throws GodwitException BAD_INPUT if no record ends at {@code to} or it is no point, CORRUPT if the log is damaged
     *     before it
     */
    static Optional<List<Overlay>> of(GroupLog log, List<DiskSpec> specs, Position from, Position to)
            throws IOException {
        PointIndex index = new PointIndex(specs, from);
        OptionalLong end = LogHeads.scan(log, from.value(), to.value(), index::take);
        if (end.isEmpty()) {
            return Optional.empty();
        }
        index.requirePoint(to, end.getAsLong());
        return Optional.of(index.disks);
    }

    private void take(LogRecord record) {
        record.checkFits(specs);
        if (record.counts()) {
            disks.get(record.disk()).put(Overlay.Piece.of(record));
        }
        point = record.endsAtPoint() ? record.end() : point;
    }

    private void requirePoint(Position wanted, long end) {
        if (end != wanted.value()) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "no record of the log ends at " + wanted);
        }
        if (!point.equals(wanted)) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "position %s lies within a batch of writes that came as a whole; the point before it is %s"
                            .formatted(wanted, point));
        }
    }
}
