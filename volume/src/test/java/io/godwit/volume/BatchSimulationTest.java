package io.godwit.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A source that is written to and ships batches of all sizes through buffers of all sizes to two replicas in a row, which
 * are stopped, torn and opened again at any moment: each holds at every moment what the source held at its head.
 */
class BatchSimulationTest {
    private static final ByteCount SIZE = ByteCount.ofKiB(128);
    private static final StoreLimits LIMITS = new StoreLimits(
            ByteCount.ofMiB(64),
            StoreLimits.MIN_SEGMENT,
            ByteCount.ofMiB(2),
            Duration.ofMillis(5),
            Duration.ofSeconds(20));

    /** So that images have not everything of the log, and there is something to lose. */
    private static final HistoryWindow BEHIND = new HistoryWindow(ByteCount.ofMiB(1), Duration.ofMinutes(1));

    @TempDir
    Path directory = Path.of("");

    private Random random = new Random(0);
    private History history = new History(random, 1);

    @Test
    void everyReplicaIsAlwaysWhatTheSourceWas() throws Exception {
        long seed = Long.getLong("godwit.seed", System.nanoTime());
        System.out.println("BatchSimulationTest seed " + seed);
        random = new Random(seed);
        history = new History(random, 24 << 10);
        int rounds = Integer.getInteger("godwit.cycles", 15);
        create("east", Role.PRIMARY);
        create("west", Role.REPLICA);
        create("north", Role.REPLICA);
        for (int round = 0; round < rounds; round++) {
            try (GroupStore east = GroupStore.open(directory.resolve("east"), LIMITS);
                    GroupStore west = GroupStore.open(directory.resolve("west"), LIMITS, BEHIND);
                    GroupStore north = GroupStore.open(directory.resolve("north"), LIMITS)) {
                assertHolds(west);
                assertHolds(north);
                history.change(east, random.nextInt(200));
                if (random.nextInt(4) == 0) {
                    east.mark(round, ByteBuffer.allocate(random.nextInt(64)));
                }
                ship(east, west);
                ship(west, north);
                assertHolds(west);
                assertHolds(north);
            }
            if (random.nextBoolean()) {
                tear("west");
            }
        }
    }

    private void create(String name, Role role) throws IOException {
        Path store = Files.createDirectories(directory.resolve(name));
        List<DiskSpec> disks = List.of(
                new DiskSpec(StoreFixture.ROOT, SIZE, store.resolve("root.img")),
                new DiskSpec(StoreFixture.DATA, SIZE, store.resolve("data.img")));
        try (GroupStore created = GroupStore.create(store, disks, role, Term.FIRST, Position.START, LIMITS)) {
            created.log().retain("next", Position.START);
        }
    }

    /** Ships up to some moment, which may lie within a batch. */
    private void ship(GroupStore from, GroupStore to) throws Exception {
        from.awaitDurable(from.head());
        if (from.head().compareTo(to.head()) < 0) {
            return;
        }
        from.log().retain("next", to.applied());
        LogReader reader = from.log().read(to.head());
        for (int turn = random.nextInt(40); turn > 0; turn--) {
            if (random.nextInt(3) == 0) {
                reader.gather(random.nextInt(4 << 20));
            }
            ByteBuffer part = ByteBuffer.allocate(LogRecord.MAX_BYTES + random.nextInt(1 << 20));
            if (random.nextBoolean()) {
                part.limit(32 << 10);
            }
            if (reader.read(part) == 0) {
                break;
            }
            to.append(part.flip());
            if (reader.atPoint()) {
                assertThat(to.head()).isEqualTo(reader.position());
            }
        }
        if (random.nextInt(5) == 0) {
            to.dropOpenBatch();
        }
    }

    /**
     * Damages what stands behind a random place of the log that was not promised, as a power failure could. The promise is taken back as far
     * as it may be: it is written down now and then, and always when a store is closed.
     */
    private void tear(String name) throws IOException {
        Path store = directory.resolve(name);
        Progress.Checkpoint closed = Progress.Checkpoint.read(new StoreFiles(store).checkpoint());
        Position promised = closed.reaching();
        new Progress.Checkpoint(closed.applied(), promised, promised, closed.pointsFrom(), closed.followers())
                .write(new StoreFiles(store).checkpoint());
        List<Path> segments;
        try (var listed = Files.list(store.resolve("log"))) {
            segments = listed.filter(path -> path.toString().endsWith(Segment.SUFFIX))
                    .sorted()
                    .toList();
        }
        byte[] bytes = Files.readAllBytes(segments.getLast());
        long start = ByteBuffer.wrap(bytes).getLong(16);
        int from = (int) (Segment.HEADER_BYTES + Math.max(0, promised.value() - start));
        int at = from + random.nextInt(1 << 20);
        if (at < bytes.length) {
            random.ints(200, at, bytes.length).forEach(place -> bytes[place] ^= 0x55);
            Files.write(segments.getLast(), bytes);
        }
    }

    private void assertHolds(GroupStore store) throws IOException {
        Map<DiskName, byte[]> expected = history.at(store.head(), store.disks());
        for (DiskSpec disk : store.disks()) {
            byte[] content = StoreFixture.read(store.disk(disk.name()), 0, (int) SIZE.bytes());
            assertThat(content).as("disk %s", disk.name()).isEqualTo(expected.get(disk.name()));
        }
    }
}
