package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.posix.ErrnoException;
import io.godwit.core.posix.PosixFile;
import io.godwit.core.posix.PosixFile.Access;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;

/** One file of the log: a header and, from a given position on, whole records; the unused rest is zeroes. Layout: docs/log-format.md. */
final class Segment implements AutoCloseable {
    static final int HEADER_BYTES = 4096;
    static final String SUFFIX = ".log";
    private static final long MAGIC = 0x474f445749544c47L; // "GODWITLG"
    private static final int VERSION = 2;
    private static final int CHECKED_FROM = 16;
    private static final int ZEROES_BYTES = 1 << 20;
    /** The page cache is managed, and a file system's space allocated, in such blocks. */
    private static final int BLOCK_BYTES = 4096;

    private static final ByteBuffer ZEROES =
            ByteBuffer.allocateDirect(BLOCK_BYTES).asReadOnlyBuffer();

    private final long start;
    private final int chain;
    private final long capacity;
    private final PosixFile file;

    private Segment(long start, int chain, long capacity, PosixFile file) {
        this.start = start;
        this.chain = chain;
        this.capacity = capacity;
        this.file = file;
    }

    /** Position of the first record. */
    long start() {
        return start;
    }

    /** Checksum of the record before the first one; 0 if there is none. */
    int chain() {
        return chain;
    }

    /** Bytes of records that fit. */
    long capacity() {
        return capacity;
    }

    long fileBytes() {
        return HEADER_BYTES + capacity;
    }

    static Path path(Path directory, long start) {
        return directory.resolve("%020d%s".formatted(start, SUFFIX));
    }

    /** Makes an empty segment whose space is reserved and whose existence is durable. */
    static Segment create(Path directory, long start, int chain, long fileBytes) throws IOException {
        Path path = path(directory, start);
        PosixFile file = makeFile(path, fileBytes);
        try {
            file.write(header(start, chain), 0);
            file.sync();
            syncDirectory(directory);
            return new Segment(start, chain, fileBytes - HEADER_BYTES, file);
        } catch (IOException failed) {
            file.close();
            Files.deleteIfExists(path);
            throw failed;
        }
    }

    /** Makes a file of zeroes, in place of one of that name, whose space is durably reserved. */
    static PosixFile makeFile(Path path, long fileBytes) throws IOException {
        Files.deleteIfExists(path);
        PosixFile file = PosixFile.open(path, Access.CREATE);
        try {
            reserve(file, fileBytes);
            file.sync();
            return file;
        } catch (IOException failed) {
            file.close();
            Files.deleteIfExists(path);
            throw failed;
        }
    }

    static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Begins a segment in a file that {@link #makeFile} has made and that has its name by now. Neither the name nor the
     * header is durable: whoever makes records durable syncs this file and the directory.
     */
    static Segment begin(Path directory, long start, int chain, long fileBytes) throws IOException {
        PosixFile file = PosixFile.open(path(directory, start), Access.READ_WRITE);
        try {
            file.write(header(start, chain), 0);
            return new Segment(start, chain, fileBytes - HEADER_BYTES, file);
        } catch (IOException failed) {
            file.close();
            throw failed;
        }
    }

    private static void reserve(PosixFile file, long bytes) throws IOException {
        try {
            file.allocate(0, bytes);
        } catch (ErrnoException refused) {
            if (!refused.unsupported()) {
                throw refused;
            }
            file.truncate(bytes);
        }
    }

    /**
     * Opens a segment that exists.
     *
     * @throws GodwitException CORRUPT if its header isn't whole
     */
    static Segment open(Path path) throws IOException {
        PosixFile file = PosixFile.open(path, Access.READ_WRITE);
        try {
            ByteBuffer header = ByteBuffer.allocateDirect(HEADER_BYTES);
            file.read(header, 0);
            header.flip();
            long size = file.size();
            if (header.remaining() < HEADER_BYTES || size < HEADER_BYTES || !whole(header)) {
                throw new GodwitException(ErrorCode.CORRUPT, path + " doesn't begin with a log segment's header");
            }
            return new Segment(header.getLong(16), header.getInt(24), size - HEADER_BYTES, file);
        } catch (IOException | GodwitException failed) {
            file.close();
            throw failed;
        }
    }

    /** Whether nothing was ever written where its header belongs. */
    static boolean isBlank(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] header = in.readNBytes(HEADER_BYTES);
            return Arrays.equals(header, new byte[header.length]);
        }
    }

    private static boolean whole(ByteBuffer header) {
        return header.getLong(0) == MAGIC
                && header.getInt(8) == VERSION
                && header.getInt(12) == checksum(header)
                && header.getLong(16) >= 0;
    }

    private static ByteBuffer header(long start, int chain) {
        ByteBuffer header = ByteBuffer.allocateDirect(HEADER_BYTES);
        header.putLong(0, MAGIC).putInt(8, VERSION).putLong(16, start).putInt(24, chain);
        return header.putInt(12, checksum(header));
    }

    private static int checksum(ByteBuffer header) {
        CRC32C crc = new CRC32C();
        crc.update(header.slice(CHECKED_FROM, HEADER_BYTES - CHECKED_FROM));
        return (int) crc.getValue();
    }

    /**
     * Writes both at {@code position}, and zeroes behind them up to the end of the block: in a file that was used before,
     * the kernel would otherwise have to read the block from the disk first.
     */
    void write(long position, ByteBuffer first, ByteBuffer second) throws IOException {
        long offset = HEADER_BYTES + position - start;
        long end = offset + first.remaining() + second.remaining();
        int rest = (int) Math.min(-end & (BLOCK_BYTES - 1), fileBytes() - end);
        file.write(first, second, ZEROES.slice(0, rest), offset);
    }

    /** Writes at {@code position} and nowhere else. */
    void restore(long position, ByteBuffer bytes) throws IOException {
        file.write(bytes, HEADER_BYTES + position - start);
    }

    /** Fills {@code into} from {@code position} on, as far as this segment goes. */
    void read(long position, ByteBuffer into) throws IOException {
        file.read(into, HEADER_BYTES + position - start);
    }

    void sync() throws IOException {
        file.syncData();
    }

    /** Makes everything from {@code position} on zeroes again. */
    void clearFrom(long position) throws IOException {
        long offset = HEADER_BYTES + position - start;
        long length = fileBytes() - offset;
        if (length == 0) {
            return;
        }
        try {
            file.zeroRange(offset, length);
        } catch (ErrnoException refused) {
            if (!refused.unsupported()) {
                throw refused;
            }
            writeZeroes(offset, length);
        }
    }

    private void writeZeroes(long offset, long length) throws IOException {
        ByteBuffer zeroes = ByteBuffer.allocateDirect(ZEROES_BYTES);
        for (long done = 0; done < length; done += zeroes.limit()) {
            zeroes.clear().limit((int) Math.min(ZEROES_BYTES, length - done));
            file.write(zeroes, offset + done);
        }
    }

    /**
     * The file of a segment that is no longer part of the log, closed.
     *
     * @param file as it was; reads in progress still use its descriptor
     */
    record Retired(Path path, PosixFile file) {
        /** So long a read in progress is waited for. */
        private static final long PATIENCE_NANOS = 100_000_000;

        /**
         * Makes it a blank segment under another name. What stood in it stays: records are told from it by their position
         * and chain. Its head is blank before the name can be, so that no stop leaves a segment with another one's head.
         *
         * @return false if it is still being read; it is gone then
         */
        boolean becomes(Path blank, Path directory) throws IOException {
            if (!released()) {
                delete();
                return false;
            }
            syncDirectory(directory);
            try (PosixFile opened = PosixFile.open(path, Access.READ_WRITE)) {
                opened.write(ByteBuffer.allocateDirect(HEADER_BYTES), 0);
                opened.syncData();
            }
            move(path, blank);
            return true;
        }

        private boolean released() {
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (!file.released() && System.nanoTime() < deadline) {
                LockSupport.parkNanos(1_000_000);
            }
            return file.released();
        }

        void delete() throws IOException {
            Files.deleteIfExists(path);
        }
    }

    /** Takes the file out of the log, under a name with this suffix; reads that are in progress end well, later ones fail. */
    Retired retire(String suffix) throws IOException {
        Path old = file.path().resolveSibling(file.path().getFileName() + suffix);
        move(file.path(), old);
        file.close();
        return new Retired(old, file);
    }

    /** Removes the file; reads that are in progress end well, later ones fail. */
    void delete() throws IOException {
        Files.deleteIfExists(file.path());
        file.close();
    }

    @Override
    public void close() {
        file.close();
    }

    static void syncDirectory(Path directory) throws IOException {
        try (PosixFile opened = PosixFile.open(directory, Access.READ)) {
            opened.sync();
        }
    }
}
