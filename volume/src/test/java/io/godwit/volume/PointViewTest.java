package io.godwit.volume;

import static io.godwit.volume.GroupStoreTest.assertRefused;
import static io.godwit.volume.StoreFixture.ROOT;
import static io.godwit.volume.StoreFixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica keeps its recent past: any position within the window can be read while replication goes on. */
class PointViewTest {
    private static final int MAX_LENGTH_BYTES = 200_000;
    private static final HistoryWindow ALL = new HistoryWindow(ByteCount.ofMiB(1024), Duration.ofHours(24));
    private static final HistoryWindow SMALL = new HistoryWindow(ByteCount.ofMiB(8), Duration.ofHours(24));
    private static final StoreLimits LARGE_LOG = limits(256);

    @TempDir
    Path directory = Path.of("");

    private static StoreLimits limits(int maxLogMiB) {
        return new StoreLimits(
                ByteCount.ofMiB(maxLogMiB),
                StoreLimits.MIN_SEGMENT,
                ByteCount.ofMiB(4),
                Duration.ofMillis(10),
                Duration.ofSeconds(20));
    }

    private GroupStore create(Role role, StoreLimits limits, HistoryWindow window) throws IOException {
        Path in = directory.resolve(role.name());
        java.nio.file.Files.createDirectories(in);
        GroupStore store = GroupStore.create(in, StoreFixture.specs(in), role, Term.FIRST, Position.START, limits);
        store.history().keep(window);
        return store;
    }

    /** Where the records end from {@code from} on. */
    static List<Position> ends(GroupStore store, Position from) throws IOException {
        List<Position> ends = new ArrayList<>(List.of(from));
        LogReader reader = store.log().read(from);
        ByteBuffer buffer = ByteBuffer.allocateDirect(2 * LogRecord.MAX_BYTES);
        while (reader.read(buffer.clear()) > 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                ends.add(LogRecord.decode(buffer, ends.getLast()).end());
            }
        }
        return ends;
    }

    private static void assertHolds(PointView point, GroupStore store, History history) throws IOException {
        Map<DiskName, byte[]> expected = history.at(point.position(), store.disks());
        for (DiskSpec disk : store.disks()) {
            byte[] found = new byte[(int) disk.size().bytes()];
            point.read(disk.name(), 0, ByteBuffer.wrap(found));
            assertThat(found).as("disk %s at %s", disk.name(), point.position()).isEqualTo(expected.get(disk.name()));
        }
    }

    @Test
    void everyPositionInTheWindowCanBeReadWhileReplicationGoesOnAndAfterARestart() throws Exception {
        Random random = seeded();
        History history = new History(random, MAX_LENGTH_BYTES);
        try (GroupStore primary = create(Role.PRIMARY, LARGE_LOG, HistoryWindow.NONE)) {
            primary.log().retain("test", Position.START);
            try (GroupStore replica = create(Role.REPLICA, LARGE_LOG, ALL)) {
                history.change(primary, 100);
                StoreFixture.ship(primary, replica);
                readAtRandom(replica, primary, history, random);
                assertThat(replica.history().oldest()).isEqualTo(Position.START);
            }
            try (GroupStore replica = GroupStore.open(directory.resolve("REPLICA"), LARGE_LOG, ALL)) {
                readAtRandom(replica, primary, history, random);
                assertThat(replica.history().oldest()).isEqualTo(Position.START);
            }
        }
    }

    private static void readAtRandom(GroupStore replica, GroupStore primary, History history, Random random)
            throws Exception {
        replica.awaitDurable(replica.head());
        List<Position> ends = ends(replica, replica.history().oldest());
        for (int round = 0; round < 5; round++) {
            try (PointView one = replica.history().open(ends.get(random.nextInt(ends.size())));
                    PointView other = replica.history().open(ends.get(random.nextInt(ends.size())))) {
                history.change(primary, 5);
                StoreFixture.ship(primary, replica);
                assertHolds(one, replica, history);
                assertHolds(other, replica, history);
            }
        }
    }

    @Test
    void smallReadsSeeTheSameAsLargeOnes() throws Exception {
        Random random = seeded();
        History history = new History(random, MAX_LENGTH_BYTES);
        try (GroupStore store = create(Role.PRIMARY, LARGE_LOG, ALL)) {
            history.change(store, 60);
            Position at = store.head();
            byte[] expected =
                    Objects.requireNonNull(history.at(at, store.disks()).get(ROOT));
            history.change(store, 20);
            store.awaitDurable(store.head());
            try (PointView point = store.history().open(at)) {
                for (int i = 0; i < 500; i++) {
                    int length = random.nextInt(10_000);
                    int offset = random.nextInt(expected.length - length);
                    ByteBuffer found = ByteBuffer.allocate(length);
                    point.read(ROOT, offset, found);
                    assertThat(found.flip()).isEqualTo(ByteBuffer.wrap(expected, offset, length));
                }
            }
        }
    }

    /** The images come up to the point, and the log that the point was made of is reclaimed. */
    @Test
    void whatWasAppliedAndReclaimedUnderAPointIsReadFromTheImages() throws Exception {
        History history = new History(seeded(), MAX_LENGTH_BYTES);
        try (GroupStore store = create(Role.PRIMARY, LARGE_LOG, ALL)) {
            history.change(store, 200);
            Position at = store.head();
            history.change(store, 50);
            store.awaitDurable(store.head());
            try (PointView point = store.history().open(at)) {
                store.holdAt(at).close();
                assertThat(store.tail()).isGreaterThan(Position.START);
                history.change(store, 50);
                store.awaitDurable(store.head());
                assertHolds(point, store, history);
                assertThat(store.applied()).isEqualTo(at);
            }
        }
    }

    @Test
    void theImagesStayBehindByTheWindowAndNotMuchMore() throws Exception {
        try (GroupStore store = create(Role.PRIMARY, LARGE_LOG, SMALL)) {
            write(store, 40);
            Position due = store.head().plus(-SMALL.bytes().bytes());
            while (store.applied().plus(2 * LogRecord.MAX_BYTES).compareTo(due) < 0) {
                Thread.sleep(5);
            }
            assertThat(store.applied()).isLessThanOrEqualTo(due);
            assertThat(store.tail()).isGreaterThan(Position.START);
            assertRefused(ErrorCode.NOT_FOUND, () -> store.history().open(Position.START));
            store.history().open(ends(store, store.history().oldest()).get(1)).close();
        }
    }

    @Test
    void aPointMakesWayBeforeAWriterHasToFail() throws Exception {
        try (GroupStore store = create(Role.PRIMARY, limits(16), ALL)) {
            write(store, 2);
            PointView point = store.history().open(store.head());
            write(store, 60);
            assertThat(point.isOpen()).isFalse();
            assertRefused(ErrorCode.CONFLICT, () -> point.read(ROOT, 0, ByteBuffer.allocate(1)));
            assertThat(store.status().logBytes().bytes())
                    .isLessThanOrEqualTo(ByteCount.ofMiB(16).bytes());
            point.close();
        }
    }

    @Test
    void aPointMakesWayForAComparisonAndEndsWithTheStore() throws Exception {
        PointView older;
        PointView newer;
        try (GroupStore store = create(Role.PRIMARY, LARGE_LOG, ALL)) {
            write(store, 2);
            older = store.history().open(store.head());
            write(store, 1);
            newer = store.history().open(store.head());
            store.holdAt(store.head()).close();
            assertRefused(ErrorCode.CONFLICT, () -> older.read(ROOT, 0, ByteBuffer.allocate(1)));
            assertThat(newer.isOpen()).isTrue();
        }
        assertRefused(ErrorCode.CONFLICT, () -> newer.read(ROOT, 0, ByteBuffer.allocate(1)));
        newer.close();
    }

    @Test
    void whatIsNoPointIsRefused() throws Exception {
        try (GroupStore store = create(Role.PRIMARY, LARGE_LOG, ALL)) {
            write(store, 1);
            Position head = store.head();
            assertRefused(ErrorCode.BAD_INPUT, () -> store.history().open(head.plus(8)));
            assertRefused(ErrorCode.BAD_INPUT, () -> store.history().open(head.plus(-8)));
            assertRefused(ErrorCode.BAD_INPUT, () -> store.history().open(head.plus(-1000)));
            try (PointView point = store.history().open(head)) {
                long size = StoreFixture.DISK_SIZE.bytes();
                assertRefused(ErrorCode.BAD_INPUT, () -> point.read(ROOT, size, ByteBuffer.allocate(1)));
                assertRefused(ErrorCode.BAD_INPUT, () -> point.read(ROOT, -1, ByteBuffer.allocate(1)));
                assertRefused(ErrorCode.NOT_FOUND, () -> point.read(new DiskName("none"), 0, ByteBuffer.allocate(1)));
            }
        }
    }

    private static void write(GroupStore store, int megabytes) throws Exception {
        for (int i = 0; i < megabytes; i++) {
            store.disk(ROOT).write((long) (i % 16) << 20, random(i, 1 << 20));
        }
        store.awaitDurable(store.head());
    }

    private static Random seeded() {
        long seed = System.nanoTime();
        System.out.println("PointViewTest seed " + seed);
        return new Random(seed);
    }
}
