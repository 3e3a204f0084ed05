package io.godwit.volume;

import static io.godwit.volume.StoreFixture.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads while others write, the log is applied and its segments are deleted: they see what was written, at least as new as when they began. */
class ConcurrentReadsTest {
    private static final int BLOCK_BYTES = 16 << 10;
    private static final int BLOCKS = 32;
    /** Enough to go through the log's limit several times. */
    private static final int WRITES = 8_000;

    @TempDir
    Path directory = Path.of("");

    private final AtomicLong[] written = new AtomicLong[BLOCKS];
    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void readersNeverSeeThePast() throws Exception {
        for (int block = 0; block < BLOCKS; block++) {
            written[block] = new AtomicLong();
        }
        try (GroupStore store = StoreFixture.primary(directory);
                ExecutorService threads = Executors.newFixedThreadPool(3)) {
            Callable<Long> reader = () -> readUntilOver(store.disk(ROOT));
            List<Future<Long>> readers =
                    List.of(threads.submit(reader), threads.submit(reader), threads.submit(reader));
            try {
                write(store.disk(ROOT));
            } finally {
                over.set(true);
            }
            for (Future<Long> done : readers) {
                assertThat(done.get()).isPositive();
            }
            assertThat(store.tail()).isGreaterThan(Position.START);
        }
    }

    private void write(Disk disk) throws IOException {
        ByteBuffer content = ByteBuffer.allocateDirect(BLOCK_BYTES);
        for (long number = 1; number <= WRITES; number++) {
            content.clear();
            while (content.hasRemaining()) {
                content.putLong(number);
            }
            int block = (int) (number * 7 % BLOCKS);
            disk.write((long) block * BLOCK_BYTES, content.flip());
            written[block].set(number);
        }
    }

    private long readUntilOver(Disk disk) throws IOException {
        Random random = new Random();
        ByteBuffer content = ByteBuffer.allocateDirect(BLOCK_BYTES);
        long reads = 0;
        while (!over.get()) {
            int block = random.nextInt(BLOCKS);
            long before = written[block].get();
            disk.read((long) block * BLOCK_BYTES, content.clear());
            content.flip();
            while (content.hasRemaining()) {
                assertThat(content.getLong()).isBetween(before, (long) WRITES);
            }
            reads++;
        }
        return reads;
    }
}
