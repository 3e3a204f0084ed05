package io.godwit.bench.nbd;

import io.godwit.core.ByteCount;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** The raw file under a contender: full, of bytes that nothing compresses, and in the page cache. */
final class BenchDisk {
    private static final int PART_BYTES = 1 << 20;
    private static final long SEED = 2007;

    private BenchDisk() {}

    static Path make(Path file, ByteCount size) throws IOException {
        Random random = new Random(SEED);
        byte[] part = new byte[PART_BYTES];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long at = 0; at < size.bytes(); at += PART_BYTES) {
                random.nextBytes(part);
                ByteBuffer from = ByteBuffer.wrap(part);
                while (from.hasRemaining()) {
                    channel.write(from);
                }
            }
            channel.force(true);
        }
        return file;
    }

    /** Has the kernel hold all of it in the page cache again, where it may have lost a part since. */
    static void load(Path file) throws IOException {
        ByteBuffer part = ByteBuffer.allocateDirect(PART_BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(part.clear()) >= 0) {
                // What counts is that it was read.
            }
        }
    }
}
