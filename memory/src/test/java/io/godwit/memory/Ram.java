package io.godwit.memory;

import io.godwit.core.ByteCount;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Random;

/** RAM files for tests, and a guest that writes to them. */
final class Ram {
    private Ram() {}

    static RamFile create(Path path, long bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(bytes);
        }
        return RamFile.map(path, new ByteCount(bytes));
    }

    /** Does to {@code count} pages what guests do: fills them, changes a few bytes, clears them, moves them. */
    static void disturb(RamFile ram, Random random, int count) {
        for (int i = 0; i < count; i++) {
            long at = random.nextLong(ram.pages()) * RamFile.PAGE_BYTES;
            MemorySegment page = ram.memory().asSlice(at, RamFile.PAGE_BYTES);
            switch (random.nextInt(4)) {
                case 0 -> fill(page, random);
                case 1 -> change(page, random);
                case 2 -> page.fill((byte) 0);
                default -> page.fill((byte) random.nextInt());
            }
        }
    }

    private static void fill(MemorySegment page, Random random) {
        byte[] bytes = new byte[RamFile.PAGE_BYTES];
        random.nextBytes(bytes);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, page, 0, bytes.length);
    }

    private static void change(MemorySegment page, Random random) {
        for (int i = 0; i < 5; i++) {
            page.asByteBuffer().put(random.nextInt(RamFile.PAGE_BYTES), (byte) random.nextInt());
        }
    }
}
