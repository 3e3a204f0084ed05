package io.godwit.core.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.posix.PosixFile.Access;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PosixFileTest {
    private static final int BLOCK_BYTES = 64 << 10;

    @TempDir
    Path directory = Path.of("");

    private PosixFile create() throws IOException {
        return PosixFile.open(directory.resolve("file"), Access.CREATE);
    }

    private static byte[] read(PosixFile file, long offset, int length) throws IOException {
        byte[] bytes = new byte[length];
        int got = file.read(ByteBuffer.wrap(bytes), offset);
        return java.util.Arrays.copyOf(bytes, got);
    }

    @Test
    void readsBackWhatItWroteFromAnyKindOfBuffer() throws IOException {
        try (PosixFile file = create()) {
            ByteBuffer direct =
                    ByteBuffer.allocateDirect(3).put(new byte[] {3, 4, 5}).flip();
            ByteBuffer heap = ByteBuffer.wrap(new byte[] {0, 1, 2, 9}, 1, 2);
            ByteBuffer last = ByteBuffer.wrap(new byte[] {6, 7});
            file.write(heap, direct, last, 10);
            assertThat(heap.hasRemaining() || direct.hasRemaining() || last.hasRemaining())
                    .isFalse();
            assertThat(read(file, 9, 100)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
            assertThat(read(file, 17, 1)).isEmpty();
            assertThat(file.size()).isEqualTo(17);
            assertThat(Files.getPosixFilePermissions(file.path()))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void knowsDataFromHoles() throws IOException {
        try (PosixFile file = create()) {
            file.truncate(4 * BLOCK_BYTES);
            assertThat(file.nextData(0)).isEmpty();
            file.write(ByteBuffer.allocate(2 * BLOCK_BYTES).put(0, (byte) 1), BLOCK_BYTES);
            assertThat(file.nextData(0)).hasValue(BLOCK_BYTES);
            assertThat(file.nextHole(BLOCK_BYTES)).isEqualTo(3L * BLOCK_BYTES);
            file.punchHole(BLOCK_BYTES, BLOCK_BYTES);
            assertThat(file.nextData(0)).hasValue(2L * BLOCK_BYTES);
            assertThat(read(file, BLOCK_BYTES, 1)).containsExactly(0);
            file.syncData();
            file.sync();
        }
    }

    @Test
    void reservesAndZeroesSpace() throws IOException {
        try (PosixFile file = create()) {
            file.allocate(0, BLOCK_BYTES);
            assertThat(file.size()).isEqualTo(BLOCK_BYTES);
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
            file.prefetch(0, BLOCK_BYTES);
            file.zeroRange(1, 1);
            assertThat(read(file, 0, 3)).containsExactly(1, 0, 3);
        }
    }

    @Test
    void failuresNameTheCallTheFileAndTheReason() {
        Path absent = directory.resolve("absent");
        assertThatThrownBy(() -> PosixFile.open(absent, Access.READ))
                .isInstanceOf(ErrnoException.class)
                .hasMessage("open of %s: No such file or directory (errno 2)", absent);
    }

    @Test
    void anInterruptHarmsNothing() throws IOException {
        try (PosixFile file = create()) {
            Thread.currentThread().interrupt();
            file.write(ByteBuffer.wrap(new byte[] {7}), 0);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(read(file, 0, 1)).containsExactly(7);
        }
    }

    /** A descriptor that was given back may belong to another file already: nobody must use it. */
    @Test
    void afterItsCloseNobodyReachesAnotherFile() throws Exception {
        for (int round = 0; round < 200; round++) {
            Path mine = Files.writeString(directory.resolve("mine"), "mine");
            Path other = Files.writeString(directory.resolve("other"), "othr");
            PosixFile file = PosixFile.open(mine, Access.READ_WRITE);
            AtomicInteger wrong = new AtomicInteger();
            Thread reader = Thread.ofPlatform().start(() -> readUntilClosed(file, wrong));
            file.close();
            try (PosixFile second = PosixFile.open(other, Access.READ)) {
                assertThat(read(second, 0, 4)).asString().isEqualTo("othr");
                reader.join();
            }
            file.close();
            assertThat(wrong).hasValue(0);
        }
    }

    private static void readUntilClosed(PosixFile file, AtomicInteger wrong) {
        ByteBuffer four = ByteBuffer.allocateDirect(4);
        try {
            while (true) {
                file.read(four.clear(), 0);
                if (four.get(0) != 'm') {
                    wrong.incrementAndGet();
                }
            }
        } catch (ClosedChannelException expected) {
            return;
        } catch (IOException unexpected) {
            wrong.incrementAndGet();
        }
    }
}
