package io.godwit.volume;

import io.godwit.core.Position;

/**
 * A mark in the log: a position that means something to whoever wrote it.
 *
 * @param position behind the mark's record: the disks there are as they were when it was written
 * @param number that its writer chose
 * @param contentBytes how much more it says; read by {@link StoreHistory#content}
 */
public record LogMark(Position position, long number, int contentBytes) {
    static LogMark of(LogRecord record) {
        return new LogMark(record.end(), record.offset(), record.length());
    }

    /** Where the mark's record begins. */
    Position begin() {
        return position.plus(-LogRecord.HEADER_BYTES - LogRecord.padded(contentBytes));
    }
}
