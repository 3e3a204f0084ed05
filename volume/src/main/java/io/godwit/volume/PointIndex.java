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
    private PointIndex() {}

    /** The form of the record that was seen last; where the images stand is a point. */
    private static final class LastForm {
        private RecordForm form = RecordForm.WHOLE;
    }

    /**
     * The overlays of the disks, in their order; none if that part of the log was reclaimed meanwhile.
     *
     * @throws GodwitException BAD_INPUT if no record ends at {@code to}, CORRUPT if the log is damaged before it
     */
    static Optional<List<Overlay>> of(GroupLog log, List<DiskSpec> specs, Position from, Position to)
            throws IOException {
        List<Overlay> disks = Stream.generate(Overlay::new).limit(specs.size()).toList();
        LastForm last = new LastForm();
        OptionalLong end = LogHeads.scan(log, from.value(), to.value(), record -> {
            record.checkFits(specs);
            last.form = record.form();
            if (record.counts()) {
                disks.get(record.disk()).put(Overlay.Piece.of(record));
            }
        });
        if (end.isPresent() && (end.getAsLong() != to.value() || last.form != RecordForm.WHOLE)) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "%s is not a point: no record of the log ends there, or it is within a batch".formatted(to));
        }
        return end.isPresent() ? Optional.of(disks) : Optional.empty();
    }
}
