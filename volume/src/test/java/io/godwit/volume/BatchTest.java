package io.godwit.volume;

import static io.godwit.volume.GroupStoreTest.assertRefused;
import static io.godwit.volume.StoreFixture.LIMITS;
import static io.godwit.volume.StoreFixture.ROOT;
import static io.godwit.volume.StoreFixture.primary;
import static io.godwit.volume.StoreFixture.random;
import static io.godwit.volume.StoreFixture.replica;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of which the content is left out where it is overwritten in the same batch. */
class BatchTest {
    private static final int BLOCK = 64 << 10;
    private static final long ALL = Long.MAX_VALUE >> 1;

    @TempDir
    Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private GroupStore east;

    @SuppressWarnings("NullAway.Init")
    private GroupStore west;

    @BeforeEach
    void open() throws IOException {
        east = primary(directory.resolve("east"));
        west = replica(directory.resolve("west"));
        east.log().retain("west", Position.START);
    }

    @AfterEach
    void close() throws IOException {
        east.close();
        west.close();
    }

    private Position write(int block, int seed) throws IOException {
        return east.disk(ROOT).write((long) block * BLOCK, random(seed, BLOCK));
    }

    /** Four blocks, each written four times; returns the positions after each write. */
    private List<Position> writeOverAndOver() throws IOException {
        List<Position> ends = new ArrayList<>();
        for (int seed = 0; seed < 16; seed++) {
            ends.add(write(seed % 4, seed));
        }
        return ends;
    }

    /** What crosses: as few buffers as possible, each with as many records as fit. */
    private static List<ByteBuffer> batch(GroupStore from, Position begin, int bufferBytes) throws Exception {
        from.awaitDurable(from.head());
        LogReader reader = from.log().read(begin);
        reader.gather(ALL);
        List<ByteBuffer> parts = new ArrayList<>();
        for (ByteBuffer part = ByteBuffer.allocate(bufferBytes); reader.read(part) > 0; ) {
            parts.add(part.flip());
            part = ByteBuffer.allocate(bufferBytes);
        }
        return parts;
    }

    private static void append(GroupStore to, List<ByteBuffer> parts) throws IOException {
        for (ByteBuffer part : parts) {
            to.append(part.duplicate());
        }
    }

    private static long bytes(List<ByteBuffer> parts) {
        return parts.stream().mapToLong(ByteBuffer::remaining).sum();
    }

    private void assertSameDisks() throws IOException {
        assertThat(west.end()).isEqualTo(east.end());
        byte[] there = StoreFixture.read(west.disk(ROOT), 0, 8 * BLOCK);
        assertThat(there).isEqualTo(StoreFixture.read(east.disk(ROOT), 0, 8 * BLOCK));
    }

    private void reopenWest() throws IOException {
        west.close();
        west = GroupStore.open(directory.resolve("west"), LIMITS);
    }

    @Test
    void onlyTheLastContentOfABlockCrosses() throws Exception {
        writeOverAndOver();
        List<ByteBuffer> parts = batch(east, Position.START, 2 << 20);
        assertThat(bytes(parts)).isEqualTo(16 * LogRecord.HEADER_BYTES + 4 * BLOCK);
        append(west, parts);
        assertSameDisks();
        reopenWest();
        assertSameDisks();
        west.holdAt(west.head()).close();
        assertSameDisks();
    }

    @Test
    void whatIsTrimmedNeedNotCross() throws Exception {
        write(0, 1);
        write(1, 2);
        east.disk(ROOT).trim(0, BLOCK);
        east.disk(ROOT).zero(BLOCK, BLOCK);
        List<ByteBuffer> parts = batch(east, Position.START, 2 << 20);
        assertThat(bytes(parts)).isEqualTo(4 * LogRecord.HEADER_BYTES);
        append(west, parts);
        assertSameDisks();
    }

    @Test
    void whereAPartIsLeftAllOfItCrosses() throws Exception {
        for (int seed = 0; seed < 4; seed++) {
            write(0, seed);
        }
        east.disk(ROOT).write(512, random(9, BLOCK - 512));
        List<ByteBuffer> parts = batch(east, Position.START, 2 << 20);
        assertThat(bytes(parts)).isEqualTo(5 * LogRecord.HEADER_BYTES + 2 * BLOCK - 512);
        append(west, parts);
        assertSameDisks();
    }

    @Test
    void whereLittleIsSavedEveryRecordIsAPoint() throws Exception {
        for (int block = 0; block < 20; block++) {
            write(block, block);
        }
        write(0, 11);
        List<ByteBuffer> parts = batch(east, Position.START, 2 << 20);
        assertThat(bytes(parts)).isEqualTo(east.head().value());
    }

    @Test
    void itBecomesVisibleAllAtOnce() throws Exception {
        Position before = write(0, 99);
        append(west, batch(east, Position.START, 2 << 20));
        writeOverAndOver();
        List<ByteBuffer> parts = batch(east, before, 2 * BLOCK);
        assertThat(parts).hasSizeGreaterThan(1);
        append(west, parts.subList(0, parts.size() - 1));
        assertThat(west.head()).isEqualTo(before);
        assertThat(StoreFixture.read(west.disk(ROOT), 0, BLOCK))
                .isEqualTo(random(99, BLOCK).array());
        append(west, List.of(parts.getLast()));
        assertSameDisks();
    }

    @Test
    void aStopWithinABatchCutsItBack() throws Exception {
        Position before = write(0, 99);
        append(west, batch(east, Position.START, 2 << 20));
        writeOverAndOver();
        List<ByteBuffer> parts = batch(east, before, 2 * BLOCK);
        append(west, parts.subList(0, parts.size() - 1));
        reopenWest();
        assertThat(west.head()).isEqualTo(before);
        append(west, parts);
        assertSameDisks();
    }

    @Test
    void aBatchThatIsGivenUpLeavesNothing() throws Exception {
        Position before = write(0, 99);
        append(west, batch(east, Position.START, 2 << 20));
        writeOverAndOver();
        List<ByteBuffer> parts = batch(east, before, 2 * BLOCK);
        append(west, parts.subList(0, 2));
        west.dropOpenBatch();
        assertThat(west.head()).isEqualTo(before);
        append(west, parts);
        assertSameDisks();
    }

    @Test
    void noSiteBecomesPrimaryWithinABatch() throws Exception {
        Position before = write(0, 99);
        append(west, batch(east, Position.START, 2 << 20));
        writeOverAndOver();
        append(west, batch(east, before, 2 * BLOCK).subList(0, 2));
        assertThat(west.promote(new Term(2))).isEqualTo(before.plus(LogRecord.HEADER_BYTES));
        byte[] expected = random(99, BLOCK).array();
        assertThat(StoreFixture.read(west.disk(ROOT), 0, BLOCK)).isEqualTo(expected);
        reopenWest();
        assertThat(west.head()).isEqualTo(before.plus(LogRecord.HEADER_BYTES));
        assertThat(StoreFixture.read(west.disk(ROOT), 0, BLOCK)).isEqualTo(expected);
    }

    @Test
    void aPositionWithinABatchIsNoPoint() throws Exception {
        west.history().keep(new HistoryWindow(ByteCount.ofMiB(8), Duration.ofHours(1)));
        Position before = write(0, 99);
        append(west, batch(east, Position.START, 2 << 20));
        List<Position> ends = writeOverAndOver();
        append(west, batch(east, before, 2 << 20));
        west.awaitDurable(west.head());
        for (Position end : ends.subList(0, 15)) {
            assertThatThrownBy(() -> west.history().open(end)).hasMessageContaining("the point before it is " + before);
        }
        byte[] block = new byte[BLOCK];
        try (PointView point = west.history().open(before)) {
            point.read(ROOT, 0, ByteBuffer.wrap(block));
            assertThat(block).isEqualTo(random(99, BLOCK).array());
        }
        try (PointView point = west.history().open(ends.getLast())) {
            point.read(ROOT, 0, ByteBuffer.wrap(block));
            assertThat(block).isEqualTo(random(12, BLOCK).array());
        }
    }

    @Test
    void aMarkIsAlwaysAPoint() throws Exception {
        west.history().keep(new HistoryWindow(ByteCount.ofMiB(8), Duration.ofHours(1)));
        writeOverAndOver();
        Position mark = east.mark(1, random(1, 100));
        writeOverAndOver();
        LogReader reader = east.log().read(Position.START);
        ByteBuffer buffer = ByteBuffer.allocate(2 << 20);
        east.awaitDurable(east.head());
        assertThat(reader.gather(ALL)).isEqualTo(12 * BLOCK);
        while (reader.read(buffer.clear()) > 0) {
            west.append(buffer.flip());
        }
        assertSameDisks();
        west.awaitDurable(west.head());
        west.history().open(mark).close();
    }

    @Test
    void aTermThatBeginsWithTheFirstRecordIsAPoint() throws Exception {
        Position before = write(0, 99);
        append(west, batch(east, Position.START, 2 << 20));
        east.fence();
        Position began = east.promote(new Term(2));
        writeOverAndOver();
        append(west, batch(east, before, 2 << 20));
        assertThat(west.head()).isGreaterThanOrEqualTo(began);
        assertThat(west.term()).isEqualTo(new Term(2));
    }

    /** Two sites that compare their disks meet at such a point. */
    @Test
    void aPointThatIsOpenAtTheSourceIsOneAtTheReplica() throws Exception {
        west.history().keep(new HistoryWindow(ByteCount.ofMiB(8), Duration.ofHours(1)));
        writeOverAndOver();
        Position met = east.head();
        east.awaitDurable(met);
        try (PointView ours = east.history().open(met)) {
            writeOverAndOver();
            append(west, batch(east, Position.START, 2 << 20));
            west.awaitDurable(west.head());
            try (PointView theirs = west.history().open(met)) {
                ByteBuffer here = ByteBuffer.allocate(4 * BLOCK);
                ByteBuffer there = ByteBuffer.allocate(4 * BLOCK);
                ours.read(ROOT, 0, here);
                theirs.read(ROOT, 0, there);
                assertThat(there.flip()).isEqualTo(here.flip());
            }
        }
    }

    /** A site that holds a batch hands it on as it is, also to one that was within it when its source was lost. */
    @Test
    void aThirdSiteGetsItWithItsBounds() throws Exception {
        List<Position> ends = writeOverAndOver();
        append(west, batch(east, Position.START, 2 << 20));
        GroupStore north = replica(directory.resolve("north"));
        try (north) {
            north.history().keep(new HistoryWindow(ByteCount.ofMiB(8), Duration.ofHours(1)));
            StoreFixture.ship(west, north);
            assertThat(north.end()).isEqualTo(east.end());
            north.awaitDurable(north.head());
            assertRefused(ErrorCode.BAD_INPUT, () -> north.history().open(ends.getFirst()));
        }
        GroupStore south = replica(directory.resolve("south"));
        try (south) {
            ByteBuffer real = ByteBuffer.allocate(LogRecord.MAX_BYTES);
            assertThat(east.log().read(Position.START).read(real)).isPositive();
            south.append(real.flip().limit(5 * (LogRecord.HEADER_BYTES + BLOCK)));
            assertThat(south.head()).isEqualTo(ends.get(4));
            LogReader rest = west.log().read(south.head());
            rest.gather(ALL);
            for (ByteBuffer part = ByteBuffer.allocate(2 << 20); rest.read(part.clear()) > 0; ) {
                south.append(part.flip());
            }
            assertThat(south.end()).isEqualTo(east.end());
            assertThat(StoreFixture.read(south.disk(ROOT), 0, 4 * BLOCK))
                    .isEqualTo(StoreFixture.read(east.disk(ROOT), 0, 4 * BLOCK));
        }
    }

    /** The applier's buffer is 4 MiB here, the batch has 6. */
    @Test
    void theImagesTakeItAsAWholeHoweverLargeItIs() throws Exception {
        for (int seed = 0; seed < 96; seed++) {
            write(seed % 8, seed);
        }
        append(west, batch(east, Position.START, 2 << 20));
        west.holdAt(west.head()).close();
        assertThat(west.applied()).isEqualTo(west.head());
        reopenWest();
        assertSameDisks();
    }

    @Test
    void theImagesCannotBeHeldWithinIt() throws Exception {
        List<Position> ends = writeOverAndOver();
        try (ApplyHold early = west.stopAt(ends.get(5))) {
            append(west, batch(east, Position.START, 2 << 20));
            assertThatThrownBy(early::awaitReached).hasMessageContaining("came as a whole");
        }
        west.holdAt(west.head()).close();
        assertSameDisks();
    }

    /** There is room for 32 MiB of the log. */
    @Test
    void aBatchForWhichThereIsNoRoomIsCutOff() throws Exception {
        Path small = directory.resolve("small");
        java.nio.file.Files.createDirectories(small);
        StoreLimits tight = new StoreLimits(
                ByteCount.ofMiB(12),
                LIMITS.segment(),
                LIMITS.applyBatch(),
                LIMITS.applyDelay(),
                Duration.ofMillis(100));
        try (GroupStore store =
                GroupStore.create(small, StoreFixture.specs(small), Role.REPLICA, Term.FIRST, Position.START, tight)) {
            for (int seed = 0; seed < 220; seed++) {
                write(seed % 8, seed);
            }
            List<ByteBuffer> parts = batch(east, Position.START, 2 << 20);
            assertRefused(ErrorCode.NO_SPACE, () -> append(store, parts));
            assertThat(store.head()).isEqualTo(Position.START);
            StoreFixture.ship(east, store);
            assertThat(store.end()).isEqualTo(east.end());
        }
    }
}
