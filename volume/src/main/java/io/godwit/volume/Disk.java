package io.godwit.volume;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.volume.LogRecord.Kind;
import io.godwit.volume.Overlay.Piece;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A disk as its guest sees it: the base image and, over it, what the log says that was not applied yet. Used by many
 * threads. Ranges outside of the disk are refused with BAD_INPUT.
 */
public final class Disk implements BlockDevice {
    private final Appender appender;
    private final GroupLog log;
    private final int index;
    private final BaseImage base;
    private final Overlay overlay;

    Disk(Appender appender, GroupLog log, int index, DiskLayers layers) {
        this.appender = appender;
        this.log = log;
        this.index = index;
        this.base = layers.base();
        this.overlay = layers.overlay();
    }

    public DiskName name() {
        return base.spec().name();
    }

    @Override
    public ByteCount size() {
        return base.spec().size();
    }

    /** Its number in the group. */
    int index() {
        return index;
    }

    BaseImage base() {
        return base;
    }

    Overlay overlay() {
        return overlay;
    }

    /** The end of the group's log: everything written to any of its disks so far lies before it. */
    @Override
    public Position head() {
        return log.head();
    }

    @Override
    public void prefetch(long offset, long length) throws IOException {
        checkRange(offset, length);
        base.prefetch(offset, length);
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        checkRange(offset, into.remaining());
        int begin = into.position();
        while (!tryRead(offset, into)) {
            into.position(begin);
        }
    }

    /** Reads once; false when a piece was applied and its segment reclaimed meanwhile, so that it must be looked up again. */
    private boolean tryRead(long offset, ByteBuffer into) throws IOException {
        int limit = into.limit();
        long at = offset;
        for (Piece piece : overlay.within(offset, offset + into.remaining())) {
            if (piece.offset() > at) {
                base.read(at, limited(into, piece.offset() - at));
            }
            if (!readPiece(piece, limited(into.limit(limit), piece.length()))) {
                into.limit(limit);
                return false;
            }
            into.limit(limit);
            at = piece.end();
        }
        if (into.hasRemaining()) {
            base.read(at, into);
        }
        return true;
    }

    private boolean readPiece(Piece piece, ByteBuffer into) throws IOException {
        return switch (piece.kind()) {
            case WRITE -> log.read(piece.payload(), into);
            case ZERO, TRIM -> {
                Zeroes.fill(into);
                yield true;
            }
            case MARK, TERM -> throw new IllegalStateException("no disk's bytes are in a " + piece.kind());
        };
    }

    private static ByteBuffer limited(ByteBuffer buffer, long length) {
        return buffer.limit(buffer.position() + (int) length);
    }

    /**
     * Writes all of {@code from} at {@code offset}; the content is in the log, not yet durable, when this returns.
     *
     * @return the position behind it
     * @throws GodwitException FENCED if this site may not write, NO_SPACE if the log is full
     */
    @Override
    public Position write(long offset, ByteBuffer from) throws IOException {
        checkRange(offset, from.remaining());
        return appender.write(index, offset, from);
    }

    /**
     * Logs once more what a range of at most 1 MiB holds, so that all who follow the log have it too; nothing changes here.
     * No guest's write comes between.
     */
    public Position repeat(long offset, int length) throws IOException {
        checkRange(offset, length);
        return appender.repeat(index, offset, length, into -> read(offset, into));
    }

    @Override
    public Position zero(long offset, long length) throws IOException {
        checkRange(offset, length);
        return appender.clear(Kind.ZERO, index, offset, length);
    }

    @Override
    public Position trim(long offset, long length) throws IOException {
        checkRange(offset, length);
        return appender.clear(Kind.TRIM, index, offset, length);
    }

    @Override
    public List<DiskExtent> extents(long offset, long length, int limit) throws IOException {
        checkRange(offset, length);
        return ExtentRuns.of(new DiskLayers(base, overlay), offset, length, limit);
    }

    void checkRange(long offset, long length) {
        if (offset < 0 || length < 0 || offset > size().bytes() - length) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "%d bytes at %d are not within disk %s of %d bytes"
                            .formatted(length, offset, name(), size().bytes()));
        }
    }
}
