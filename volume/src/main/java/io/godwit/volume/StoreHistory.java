package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** The past of a store's disks, as far as it is kept: at which positions they can be opened, and which of these have names. Thread-safe. */
public final class StoreHistory {
    private final GroupLog log;
    private final List<DiskLayers> layers;
    private final MarkIndex marks;
    private final Progress progress;
    private final GroupCommit commit;
    private final Applier applier;

    StoreHistory(StoreParts parts, GroupCommit commit, Applier applier) {
        this.log = parts.log();
        this.layers = parts.disks();
        this.marks = parts.marks();
        this.progress = parts.progress();
        this.commit = commit;
        this.applier = applier;
    }

    /**
     * Lets the base images stay behind the log from now on, so that past positions can be opened. When the log needs
     * room, or the images are needed at a position, the history is cut short.
     */
    public void keep(HistoryWindow window) {
        applier.keep(window);
    }

    /**
     * Says that the images and the log over them are the disks' true past from {@code from} on, and not before: a copy of
     * another site's disks is complete there. Remembered over restarts.
     */
    public void begin(Position from) throws IOException {
        progress.beginPoints(from);
    }

    /** The oldest position that can be opened now; the newest one is {@link GroupStore#durable}. */
    public Position oldest() {
        return applier.oldestPoint();
    }

    /**
     * The disks as they were at a position, which must be the end of a record.
     *
     * @throws GodwitException NOT_FOUND if the history doesn't go back so far, BAD_INPUT if the position isn't one that
     *     is durable here, no record ends there or it lies within a batch, CONFLICT if too many points are open
     */
    public PointView open(Position position) throws IOException {
        if (position.compareTo(commit.durable()) > 0) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "the newest point is at %s, before %s".formatted(commit.durable(), position));
        }
        return PointView.open(log, applier, layers, position);
    }

    /** The marks that stand at points which can be opened, in their order. */
    public List<LogMark> marks() {
        return marks.from(oldest()).stream()
                .filter(mark -> commit.durable().reaches(mark.position()))
                .toList();
    }

    /**
     * What a mark says.
     *
     * @throws GodwitException NOT_FOUND if that part of the log is gone
     */
    public ByteBuffer content(LogMark mark) throws IOException {
        ByteBuffer record = ByteBuffer.allocateDirect(
                (int) mark.position().since(mark.begin()).bytes());
        if (!log.copy(mark.begin().value(), mark.position().value(), record)) {
            throw new GodwitException(ErrorCode.NOT_FOUND, "the log no longer has the mark at " + mark.position());
        }
        LogRecord.decode(record.flip(), mark.begin());
        return record.slice(LogRecord.HEADER_BYTES, mark.contentBytes());
    }
}
