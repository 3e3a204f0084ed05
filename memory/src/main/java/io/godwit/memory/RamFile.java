package io.godwit.memory;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A virtual machine's RAM as this process sees it: the file that QEMU shares, mapped for reading and writing. Guest
 * physical pages are file pages in the same order. While the guest runs, every read may see a page half changed.
 */
public final class RamFile implements AutoCloseable {
    /** Bytes in a page, the unit in which changes are found and sent. */
    public static final int PAGE_BYTES = 4096;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final Path path;

    private RamFile(Path path, FileChannel file) throws IOException {
        this.path = path;
        try {
            this.memory = file.map(FileChannel.MapMode.READ_WRITE, 0, file.size(), arena);
        } catch (IOException | RuntimeException failure) {
            arena.close();
            throw failure;
        }
    }

    /** Maps the file; its size must be {@code size}, a multiple of {@link #PAGE_BYTES}. */
    public static RamFile map(Path path, ByteCount size) throws IOException {
        if (size.bytes() == 0 || size.bytes() % PAGE_BYTES != 0) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "RAM of %d bytes is not a number of 4 KiB pages".formatted(size.bytes()));
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (file.size() != size.bytes()) {
                throw new GodwitException(
                        ErrorCode.CONFLICT,
                        "%s is %s, but the machine's RAM is %s".formatted(path, new ByteCount(file.size()), size));
            }
            return new RamFile(path, file);
        }
    }

    public Path path() {
        return path;
    }

    public ByteCount size() {
        return new ByteCount(memory.byteSize());
    }

    public long pages() {
        return memory.byteSize() / PAGE_BYTES;
    }

    /** The mapping itself; whoever reads it after {@link #close} gets an {@link IllegalStateException}. */
    public MemorySegment memory() {
        return memory;
    }

    /** Unmaps the file. Senders, receivers and digests that use it must have ended. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
