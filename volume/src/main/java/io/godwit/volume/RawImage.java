package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.posix.ErrnoException;
import io.godwit.core.posix.PosixFile;
import io.godwit.core.posix.PosixFile.Access;
import io.godwit.volume.DiskExtent.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;

/** A base image that is a raw file of the disk's size. */
final class RawImage implements BaseImage {
    private static final int ZEROES_BYTES = 1 << 20;
    /** So few zeroes are written like anything else: to set a range to zero the kernel first writes back what is near. */
    private static final int FEW_BYTES = 64 << 10;

    private final DiskSpec spec;
    private final PosixFile file;

    private RawImage(DiskSpec spec, PosixFile file) {
        this.spec = spec;
        this.file = file;
    }

    static RawImage open(DiskSpec spec, Path path) throws IOException {
        return open(spec, path, Access.READ_WRITE);
    }

    static RawImage open(DiskSpec spec, Path path, Access access) throws IOException {
        try {
            PosixFile file = PosixFile.open(path, access);
            RawImage image = new RawImage(spec, file);
            image.checkSize();
            return image;
        } catch (ErrnoException failed) {
            throw new GodwitException(
                    ErrorCode.NOT_FOUND,
                    "the image of disk %s cannot be opened: %s".formatted(spec.name(), failed.getMessage()),
                    failed);
        } catch (NoSuchFileException absent) {
            throw new GodwitException(ErrorCode.NOT_FOUND, spec.base() + " isn't there", absent);
        }
    }

    private void checkSize() throws IOException {
        long size = file.size();
        if (size != spec.size().bytes()) {
            file.close();
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "%s has %d bytes, but disk %s has %d"
                            .formatted(
                                    spec.base(), size, spec.name(), spec.size().bytes()));
        }
    }

    @Override
    public DiskSpec spec() {
        return spec;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        file.read(into, offset);
        if (into.hasRemaining()) {
            throw new IOException(spec.base() + " is shorter than its disk");
        }
    }

    @Override
    public void prefetch(long offset, long length) throws IOException {
        file.prefetch(offset, length);
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        file.write(from, offset);
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        if (length <= FEW_BYTES) {
            file.write(Zeroes.of((int) length), offset);
            return;
        }
        try {
            file.zeroRange(offset, length);
        } catch (ErrnoException refused) {
            writeZeroesUnless(refused, offset, length);
        }
    }

    @Override
    public void discard(long offset, long length) throws IOException {
        try {
            file.punchHole(offset, length);
        } catch (ErrnoException refused) {
            writeZeroesUnless(refused, offset, length);
        }
    }

    private void writeZeroesUnless(ErrnoException refused, long offset, long length) throws IOException {
        if (!refused.unsupported()) {
            throw refused;
        }
        writeZeroes(offset, length);
    }

    void writeZeroes(long offset, long length) throws IOException {
        ByteBuffer zeroes = ByteBuffer.allocateDirect((int) Math.min(ZEROES_BYTES, length));
        for (long done = 0; done < length; done += zeroes.limit()) {
            zeroes.clear().limit((int) Math.min(zeroes.capacity(), length - done));
            file.write(zeroes, offset + done);
        }
    }

    @Override
    public void sync() throws IOException {
        file.syncData();
    }

    /** The run of one kind that begins at {@code offset}, cut at {@code to}. */
    @Override
    public DiskExtent extentAt(long offset, long to) throws IOException {
        OptionalLong data = file.nextData(offset);
        if (data.isEmpty() || data.getAsLong() >= to) {
            return new DiskExtent(offset, to - offset, Content.HOLE);
        }
        if (data.getAsLong() > offset) {
            return new DiskExtent(offset, data.getAsLong() - offset, Content.HOLE);
        }
        return new DiskExtent(offset, Math.min(to, file.nextHole(offset)) - offset, Content.DATA);
    }

    @Override
    public void close() {
        file.close();
    }
}
