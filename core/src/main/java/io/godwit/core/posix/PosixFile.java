package io.godwit.core.posix;

import io.godwit.core.posix.Libc.Scratch;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open file with positional I/O, allocation, holes and fdatasync. Unlike a {@code FileChannel} it isn't closed when
 * a thread that uses it is interrupted. It may be used by several threads; a close waits for nobody, the descriptor is
 * given back when the last call in progress has returned.
 */
public final class PosixFile implements AutoCloseable {
    /** How a file is opened. */
    public enum Access {
        READ(Libc.O_RDONLY),
        READ_WRITE(Libc.O_RDWR),
        /** Reading and writing a block device that nobody else has open like this, and that isn't mounted. */
        EXCLUSIVE(Libc.O_RDWR | Libc.O_EXCL),
        /** Reading and writing a file that must not exist yet; its mode is 0600. */
        CREATE(Libc.O_RDWR | Libc.O_CREAT | Libc.O_EXCL);

        private final int flags;

        Access(int flags) {
            this.flags = flags | Libc.O_CLOEXEC;
        }
    }

    private static final int OWNER_ONLY = 0600;
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);
    private static final int CLOSED = Integer.MIN_VALUE;
    private static final int GIVEN_BACK = CLOSED | 1 << 30;

    private final Path path;
    private final int descriptor;
    /** Calls in progress; the sign bit says that the file was closed, the next one that the descriptor is gone. */
    private final AtomicInteger uses = new AtomicInteger();

    private PosixFile(Path path, int descriptor) {
        this.path = path;
        this.descriptor = descriptor;
    }

    public static PosixFile open(Path path, Access access) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path.toString());
            long descriptor = NativeCall.make(
                    "open", path, state -> (int) Libc.OPEN.invokeExact(state, name, access.flags, OWNER_ONLY));
            return new PosixFile(path, (int) descriptor);
        }
    }

    public Path path() {
        return path;
    }

    /** Fills {@code into} from {@code offset} on, up to the end of the file; returns the number of bytes read. */
    public int read(ByteBuffer into, long offset) throws IOException {
        if (!into.isDirect()) {
            ByteBuffer direct = ByteBuffer.allocateDirect(into.remaining());
            int got = read(direct, offset);
            into.put(direct.flip());
            return got;
        }
        int total = 0;
        while (into.hasRemaining()) {
            int got = readOnce(MemorySegment.ofBuffer(into), offset + total);
            if (got == 0) {
                break;
            }
            into.position(into.position() + got);
            total += got;
        }
        return total;
    }

    private int readOnce(MemorySegment into, long offset) throws IOException {
        return (int)
                use("read", state -> (long) Libc.PREAD.invokeExact(state, descriptor, into, into.byteSize(), offset));
    }

    /** Asks the kernel to read a range into its page cache. */
    public void prefetch(long offset, long length) throws IOException {
        use("prefetch", state -> (long) Libc.READAHEAD.invokeExact(state, descriptor, offset, length));
    }

    /** Writes all of {@code from} at {@code offset}; a failure may leave a part of it written. */
    public void write(ByteBuffer from, long offset) throws IOException {
        write(from, NOTHING.duplicate(), NOTHING.duplicate(), offset);
    }

    /** Writes all of the three, each right behind the one before; a failure may leave a part written. */
    public void write(ByteBuffer first, ByteBuffer second, ByteBuffer third, long offset) throws IOException {
        ByteBuffer one = direct(first);
        ByteBuffer two = direct(second);
        ByteBuffer three = direct(third);
        long at = offset;
        while (one.hasRemaining() || two.hasRemaining() || three.hasRemaining()) {
            int written = writeOnce(one, two, three, at);
            at += written;
            skip(three, skip(two, skip(one, written)));
        }
        first.position(first.limit());
        second.position(second.limit());
        third.position(third.limit());
    }

    /** Skips at most so many bytes of a buffer; returns how many there were too few. */
    private static int skip(ByteBuffer buffer, int bytes) {
        int skipped = Math.min(bytes, buffer.remaining());
        buffer.position(buffer.position() + skipped);
        return bytes - skipped;
    }

    private static ByteBuffer direct(ByteBuffer buffer) {
        return buffer.isDirect()
                ? buffer
                : ByteBuffer.allocateDirect(buffer.remaining())
                        .put(buffer.duplicate())
                        .flip();
    }

    private int writeOnce(ByteBuffer first, ByteBuffer second, ByteBuffer third, long offset) throws IOException {
        MemorySegment vectors = Scratch.ofThread().vectors(first, second, third);
        return (int) use(
                "write", state -> (long) Libc.PWRITEV.invokeExact(state, descriptor, vectors, Scratch.VECTORS, offset));
    }

    /** Waits until the content is on stable storage. An error is final: what was written since the last success may be lost. */
    public void syncData() throws IOException {
        use("fdatasync", state -> (int) Libc.FDATASYNC.invokeExact(state, descriptor));
    }

    /** Waits until the content and all about the file, its entries if it is a directory, are on stable storage. */
    public void sync() throws IOException {
        use("fsync", state -> (int) Libc.FSYNC.invokeExact(state, descriptor));
    }

    /** Reserves space, so that later writes there can't fail for want of it; new space reads as zeroes, the file grows as needed. */
    public void allocate(long offset, long length) throws IOException {
        fallocate("allocation", 0, offset, length);
    }

    /** Makes a range inside the file read as zeroes and gives its space back. */
    public void punchHole(long offset, long length) throws IOException {
        fallocate("hole", Libc.FALLOC_PUNCH_HOLE | Libc.FALLOC_KEEP_SIZE, offset, length);
    }

    /** Makes a range inside the file read as zeroes and keeps its space. */
    public void zeroRange(long offset, long length) throws IOException {
        fallocate("zero range", Libc.FALLOC_ZERO_RANGE | Libc.FALLOC_KEEP_SIZE, offset, length);
    }

    private void fallocate(String what, int mode, long offset, long length) throws IOException {
        use(what, state -> (int) Libc.FALLOCATE.invokeExact(state, descriptor, mode, offset, length));
    }

    public void truncate(long bytes) throws IOException {
        use("truncation", state -> (int) Libc.FTRUNCATE.invokeExact(state, descriptor, bytes));
    }

    public long size() throws IOException {
        return seek(0, Libc.SEEK_END);
    }

    /** Where the first data at or after {@code offset} begins; empty when only a hole follows. */
    public OptionalLong nextData(long offset) throws IOException {
        try {
            return OptionalLong.of(seek(offset, Libc.SEEK_DATA));
        } catch (ErrnoException thrown) {
            if (thrown.beyondEnd()) {
                return OptionalLong.empty();
            }
            throw thrown;
        }
    }

    /** Where the first hole at or after {@code offset} begins; the file's end counts as one. Fails beyond the end. */
    public long nextHole(long offset) throws IOException {
        return seek(offset, Libc.SEEK_HOLE);
    }

    private long seek(long offset, int whence) throws IOException {
        return use("seek", state -> (long) Libc.LSEEK.invokeExact(state, descriptor, offset, whence));
    }

    @Override
    public void close() {
        uses.getAndUpdate(state -> state | CLOSED);
        giveBackIfUnused();
    }

    /** Whether it was closed and nobody uses it any more. */
    public boolean released() {
        return (uses.get() & GIVEN_BACK) == GIVEN_BACK;
    }

    private long use(String what, NativeCall call) throws IOException {
        try {
            if (uses.incrementAndGet() < 0) {
                throw new ClosedChannelException();
            }
            return NativeCall.make(what, path, call);
        } finally {
            uses.decrementAndGet();
            giveBackIfUnused();
        }
    }

    private void giveBackIfUnused() {
        if (uses.get() == CLOSED && uses.compareAndSet(CLOSED, GIVEN_BACK)) {
            Libc.close(descriptor);
        }
    }
}
