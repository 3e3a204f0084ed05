package io.godwit.volume;

import static io.godwit.volume.GroupStoreTest.assertRefused;
import static io.godwit.volume.StoreFixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.Position;
import io.godwit.volume.DiskExtent.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk of one site, in no log. */
class ScratchDiskTest {
    private static final int BLOCK = 64 << 10;
    private static final ByteCount SIZE = ByteCount.ofMiB(8);

    @TempDir
    Path directory = Path.of("");

    private ScratchDisk open(ByteCount size) throws IOException {
        Path file = directory.resolve("swap.scratch");
        return ScratchDisk.open(new DiskSpec(new DiskName("swap"), size, file), file);
    }

    private static ByteBuffer read(ScratchDisk disk, long offset, int length) throws IOException {
        ByteBuffer found = ByteBuffer.allocate(length);
        disk.read(offset, found);
        return found.flip();
    }

    @Test
    void isEmptyAndTakesNoRoomAtFirst() throws Exception {
        try (ScratchDisk disk = open(SIZE)) {
            assertThat(disk.extents(0, SIZE.bytes(), 8)).containsExactly(new DiskExtent(0, SIZE.bytes(), Content.HOLE));
        }
    }

    @Test
    void isBlankUntilItIsWrittenAndWhenAllOfItWasTrimmed() throws Exception {
        try (ScratchDisk disk = open(SIZE)) {
            assertThat(disk.isBlank()).isTrue();
            disk.write(SIZE.bytes() - BLOCK, random(1, BLOCK));
            assertThat(disk.isBlank()).isFalse();
            disk.trim(0, SIZE.bytes() / 2);
            assertThat(disk.isBlank()).isFalse();
            disk.trim(SIZE.bytes() / 2, SIZE.bytes() / 2);
            assertThat(disk.isBlank()).isTrue();
        }
    }

    @Test
    void keepsWhatIsWrittenOverARestart() throws Exception {
        try (ScratchDisk disk = open(SIZE)) {
            disk.write(BLOCK, random(1, 3 * BLOCK));
            disk.zero(2 * BLOCK, 512);
            disk.trim(3 * BLOCK, BLOCK);
            disk.rule().awaitSafe(disk.head());
        }
        try (ScratchDisk disk = open(SIZE)) {
            byte[] expected = random(1, 3 * BLOCK).array();
            java.util.Arrays.fill(expected, BLOCK, BLOCK + 512, (byte) 0);
            java.util.Arrays.fill(expected, 2 * BLOCK, 3 * BLOCK, (byte) 0);
            assertThat(read(disk, BLOCK, 3 * BLOCK).array()).isEqualTo(expected);
            assertThat(disk.head()).isEqualTo(Position.START);
        }
    }

    @Test
    void refusesWhatLiesOutside() throws Exception {
        try (ScratchDisk disk = open(SIZE)) {
            assertRefused(ErrorCode.BAD_INPUT, () -> disk.write(SIZE.bytes() - 1, random(1, 2)));
            assertRefused(ErrorCode.BAD_INPUT, () -> disk.trim(-1, 1));
            assertRefused(ErrorCode.BAD_INPUT, () -> read(disk, SIZE.bytes(), 1));
        }
    }

    @Test
    void doesNotTakeOneOfAnotherSize() throws Exception {
        open(SIZE).close();
        assertRefused(ErrorCode.CONFLICT, () -> open(ByteCount.ofMiB(4)));
    }
}
