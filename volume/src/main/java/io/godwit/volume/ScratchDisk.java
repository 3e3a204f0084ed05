package io.godwit.volume;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.posix.ErrnoException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A disk that is of this site alone: a sparse file whose writes are in no log, so that nobody waits for them and they wait
 * for nobody. What a flush has answered is on its stable storage, as with any local disk. It never takes the last room of
 * the file system, which the groups' logs need. Used by many threads.
 */
public final class ScratchDisk implements BlockDevice, AutoCloseable {
    /** So much stays free. */
    static final long LEFT_FREE_BYTES = 192L << 20;
    /** So much may be written between two looks at the file system. */
    private static final long LOOK_BYTES = 1 << 20;

    private final Path file;
    private final BaseImage image;
    private long sinceLook = LOOK_BYTES;

    private ScratchDisk(Path file, BaseImage image) {
        this.file = file;
        this.image = image;
    }

    /**
     * Opens it, empty if there is none yet.
     *
     * @throws GodwitException CONFLICT if there is one of another size
     */
    public static ScratchDisk open(DiskSpec spec, Path file) throws IOException {
        BaseImages.make(spec);
        return new ScratchDisk(file, BaseImages.open(spec));
    }

    /** Whether it is all holes: it has just been made, or whatever was written to it was trimmed again. */
    public boolean isBlank() throws IOException {
        DiskExtent first = image.extentAt(0, size().bytes());
        return first.content() == DiskExtent.Content.HOLE && first.length() == size().bytes();
    }

    /** What its clients' flushes wait for. */
    public DurabilityRule rule() {
        return new DurabilityRule() {
            @Override
            public void admit(long bytes) {}

            @Override
            public void awaitSafe(Position position) {
                sync();
            }
        };
    }

    private void sync() {
        try {
            image.sync();
        } catch (IOException failed) {
            throw new GodwitException(ErrorCode.FAILED, "%s cannot be synced".formatted(file), failed);
        }
    }

    @Override
    public ByteCount size() {
        return image.spec().size();
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        checkRange(offset, into.remaining());
        image.read(offset, into);
    }

    @Override
    public Position write(long offset, ByteBuffer from) throws IOException {
        return change(offset, from.remaining(), () -> image.write(offset, from));
    }

    @Override
    public Position zero(long offset, long length) throws IOException {
        return change(offset, length, () -> image.zero(offset, length));
    }

    @Override
    public Position trim(long offset, long length) throws IOException {
        checkRange(offset, length);
        if (length > 0) {
            image.discard(offset, length);
        }
        return head();
    }

    private interface Change {
        void make() throws IOException;
    }

    private Position change(long offset, long length, Change change) throws IOException {
        checkRange(offset, length);
        requireRoom(length);
        try {
            if (length > 0) {
                change.make();
            }
        } catch (ErrnoException failed) {
            if (failed.noSpace()) {
                throw noRoom();
            }
            throw failed;
        }
        return head();
    }

    private synchronized void requireRoom(long bytes) throws IOException {
        sinceLook += bytes;
        if (sinceLook < LOOK_BYTES) {
            return;
        }
        if (Files.getFileStore(file).getUsableSpace() - bytes < LEFT_FREE_BYTES) {
            throw noRoom();
        }
        sinceLook = 0;
    }

    private GodwitException noRoom() {
        return new GodwitException(
                ErrorCode.NO_SPACE, "there is no room for %s beside the groups' logs".formatted(file));
    }

    @Override
    public List<DiskExtent> extents(long offset, long length, int limit) throws IOException {
        checkRange(offset, length);
        return ExtentRuns.of(new DiskLayers(image, new Overlay()), offset, length, limit);
    }

    @Override
    public void prefetch(long offset, long length) throws IOException {
        checkRange(offset, length);
        image.prefetch(offset, length);
    }

    /** There is no log that it has a place in. */
    @Override
    public Position head() {
        return Position.START;
    }

    private void checkRange(long offset, long length) {
        if (offset < 0 || length < 0 || offset > size().bytes() - length) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "%d bytes at %d are not within disk %s of %d bytes"
                            .formatted(length, offset, image.spec().name(), size().bytes()));
        }
    }

    @Override
    public void close() {
        image.close();
    }
}
