package io.godwit.volume;

import static io.godwit.volume.GroupStoreTest.assertRefused;
import static io.godwit.volume.StoreFixture.ROOT;
import static io.godwit.volume.StoreFixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.DiskExtent.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The past can be written over without being changed. */
class CopyOnWriteDiskTest {
    private static final int SIZE = (int) StoreFixture.DISK_SIZE.bytes();
    private static final ByteCount NOTHING = ByteCount.ZERO;

    @TempDir
    Path directory = Path.of("");

    private GroupStore store;
    private PointView point;
    private byte[] past;

    @BeforeEach
    void begin() throws Exception {
        Path in = Files.createDirectories(directory.resolve("store"));
        store = GroupStore.create(
                in, StoreFixture.specs(in), Role.PRIMARY, Term.FIRST, Position.START, StoreFixture.LIMITS);
        store.history().keep(new HistoryWindow(ByteCount.ofMiB(16), Duration.ofHours(1)));
        store.disk(ROOT).write(1 << 20, random(1, 3 << 20));
        store.disk(ROOT).zero(2 << 20, 5000);
        past = StoreFixture.read(store.disk(ROOT), 0, SIZE);
        store.awaitDurable(store.head());
        point = store.history().open(store.head());
        store.disk(ROOT).write(0, random(2, 5 << 20));
    }

    @AfterEach
    void end() throws IOException {
        point.close();
        store.close();
    }

    private CopyOnWriteDisk open(ScratchSpace space) throws IOException {
        PointDisk disk = point.disks().stream()
                .filter(candidate -> candidate.name().equals(ROOT))
                .findFirst()
                .orElseThrow();
        return CopyOnWriteDisk.over(disk, space);
    }

    private ScratchSpace space(long mebibytes) {
        return new ScratchSpace(directory, ByteCount.ofMiB(mebibytes), NOTHING);
    }

    private static byte[] read(BlockDevice disk, int offset, int length) throws IOException {
        byte[] bytes = new byte[length];
        disk.read(offset, ByteBuffer.wrap(bytes));
        return bytes;
    }

    @Test
    void whatIsWrittenIsReadAndThePastStaysAsItWas() throws Exception {
        long seed = System.nanoTime();
        System.out.println("CopyOnWriteDiskTest seed " + seed);
        Random random = new Random(seed);
        byte[] expected = past.clone();
        ScratchSpace space = space(64);
        try (CopyOnWriteDisk disk = open(space)) {
            for (int i = 0; i < 400; i++) {
                int length = 1 + random.nextInt(i % 10 == 0 ? 300_000 : 20_000);
                int offset = random.nextInt(SIZE - length);
                change(disk, expected, offset, length, random);
                int from = Math.max(0, offset - 10_000);
                int bytes = Math.min(SIZE - from, length + 20_000);
                assertThat(read(disk, from, bytes)).isEqualTo(Arrays.copyOfRange(expected, from, from + bytes));
            }
            assertThat(read(disk, 0, SIZE)).isEqualTo(expected);
            assertThat(read(point.disks().getFirst(), 0, SIZE)).isEqualTo(past);
            assertRunsHold(disk.extents(0, SIZE, 10_000), expected);
            assertThat(space.taken().bytes()).isPositive();
        }
        assertThat(space.taken()).isEqualTo(NOTHING);
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).containsExactly(directory.resolve("store"));
        }
    }

    private static void change(CopyOnWriteDisk disk, byte[] expected, int offset, int length, Random random)
            throws IOException {
        switch (random.nextInt(4)) {
            case 0 -> {
                disk.trim(offset, length);
                Arrays.fill(expected, offset, offset + length, (byte) 0);
            }
            case 1 -> {
                disk.zero(offset, length);
                Arrays.fill(expected, offset, offset + length, (byte) 0);
            }
            default -> {
                byte[] content = new byte[length];
                random.nextBytes(content);
                disk.write(offset, ByteBuffer.wrap(content));
                System.arraycopy(content, 0, expected, offset, length);
            }
        }
    }

    /** Runs follow each other without a gap, and where they say so there are zeroes. */
    private static void assertRunsHold(List<DiskExtent> runs, byte[] expected) {
        long at = 0;
        for (DiskExtent run : runs) {
            assertThat(run.offset()).isEqualTo(at);
            at += run.length();
            if (run.content() != Content.DATA) {
                byte[] zeroes = Arrays.copyOfRange(expected, (int) run.offset(), (int) at);
                assertThat(zeroes).containsOnly(0);
            }
        }
        assertThat(at).isEqualTo(SIZE);
    }

    @Test
    void whereThereIsNoRoomAWriteIsRefusedAndTheRestGoesOn() throws Exception {
        try (CopyOnWriteDisk disk = open(space(1))) {
            disk.write(0, random(3, 1 << 20));
            assertRefused(ErrorCode.NO_SPACE, () -> disk.write(2 << 20, random(4, 4096)));
            disk.write(100, random(5, 4096));
            assertThat(read(disk, 2 << 20, 4096)).isEqualTo(Arrays.copyOfRange(past, 2 << 20, (2 << 20) + 4096));
        }
        ByteCount more = new ByteCount(Files.getFileStore(directory).getTotalSpace());
        try (CopyOnWriteDisk disk = open(new ScratchSpace(directory, more, more))) {
            assertRefused(ErrorCode.NO_SPACE, () -> disk.write(0, random(6, 512)));
        }
    }

    @Test
    void aPointTellsWhatHasChangedSince() throws Exception {
        store.awaitDurable(store.head());
        assertThat(point.changedUpTo(store.head())).containsExactly(new DiskRange(ROOT, 0, 5 << 20));
        assertThat(point.changedUpTo(point.position())).isEmpty();
    }

    @Test
    void whatIsAskedOfAPointThatHasEndedIsRefusedWithTheReason() throws Exception {
        try (CopyOnWriteDisk disk = open(space(1))) {
            store.holdAt(store.head()).close();
            assertRefused(ErrorCode.CONFLICT, () -> read(disk, 0, 10));
            assertThat(point.ended().orElseThrow()).contains("the disk images had to go on");
        }
    }
}
