package io.godwit.volume;

import static io.godwit.volume.StoreFixture.DATA;
import static io.godwit.volume.StoreFixture.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A source with a sync disk and an async one ships its log and, ahead of it, the sync disk's records, in all orders; the replica is
 * stopped, loses what wasn't durable ahead of its log, and is promoted at last, also half-way. Then the sync disk is a prefix of its
 * writes and has all that was ever acknowledged; the async one is what the log was at the replica.
 */
class EarlySimulationTest {
    private static final int BLOCK = 4096;
    private static final int BLOCKS = 12;
    private static final ByteCount SIZE = new ByteCount(BLOCK * BLOCKS);
    private static final Term SECOND = Term.FIRST.next();
    private static final StoreLimits LIMITS = new StoreLimits(
            ByteCount.ofMiB(32), ByteCount.ofMiB(4), ByteCount.ofMiB(4), Duration.ofMillis(5), Duration.ofSeconds(20));

    /** A write as its guest remembers it; {@code end} is its end in the log. */
    private record Write(DiskName disk, int block, byte content, Position end) {}

    @TempDir
    Path directory = Path.of("");

    private Random random = new Random(0);
    private final List<Write> writes = new ArrayList<>();
    private GroupStore source;
    private GroupStore replica;
    private Position acknowledged = Position.START;

    @Test
    void syncDisksAreAPrefixOfTheirOwnAndAsyncDisksOfTheLog() throws Exception {
        long seed = Long.getLong("godwit.seed", System.nanoTime());
        System.out.println("EarlySimulationTest seed " + seed);
        int runs = Integer.getInteger("godwit.cycles", 6);
        for (int run = 0; run < runs; run++) {
            random = new Random(seed + run);
            simulate();
            begin(directory.resolve("run" + run));
        }
        end();
    }

    @BeforeEach
    void begin() throws Exception {
        begin(directory.resolve("first"));
    }

    private void begin(Path in) throws Exception {
        writes.clear();
        acknowledged = Position.START;
        source = create(in.resolve("east"), Role.PRIMARY);
        replica = create(in.resolve("west"), Role.REPLICA);
        write(DATA);
        ship(1);
    }

    private void end() throws IOException {
        source.close();
        replica.close();
    }

    private void simulate() throws Exception {
        try {
            for (int step = 0; step < 120; step++) {
                step();
            }
            promote();
        } finally {
            end();
        }
    }

    private static GroupStore create(Path in, Role role) throws IOException {
        Files.createDirectories(in);
        List<DiskSpec> disks = List.of(
                new DiskSpec(ROOT, SIZE, in.resolve("root.img")), new DiskSpec(DATA, SIZE, in.resolve("data.img")));
        return GroupStore.create(in, disks, role, Term.FIRST, Position.START, LIMITS);
    }

    private void step() throws Exception {
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3, 4 -> write(DATA);
            case 5, 6, 7 -> write(ROOT);
            case 8, 9 -> ship(1 + random.nextInt(5));
            case 10, 11, 12 -> shipEarly();
            case 13 -> acknowledge();
            case 14 -> restart(false);
            default -> restart(true);
        }
    }

    private void write(DiskName disk) throws IOException {
        int block = random.nextInt(BLOCKS);
        boolean zero = random.nextInt(6) == 0;
        byte content = (byte) (zero ? 0 : 1 + random.nextInt(127));
        byte[] bytes = new byte[BLOCK];
        Arrays.fill(bytes, content);
        Position end = zero
                ? source.disk(disk).trim((long) BLOCK * block, BLOCK)
                : source.disk(disk).write((long) BLOCK * block, ByteBuffer.wrap(bytes));
        writes.add(new Write(disk, block, content, end));
    }

    private void ship(int records) throws Exception {
        source.awaitDurable(source.head());
        LogReader reader = source.log().read(replica.head());
        ByteBuffer buffer = ByteBuffer.allocateDirect(records * (BLOCK + LogRecord.HEADER_BYTES));
        if (reader.read(buffer) > 0) {
            replica.append(buffer.flip());
        }
    }

    /** As a source does it: from where the log was shipped up to, or from where the others end. */
    private void shipEarly() throws Exception {
        source.awaitDurable(source.head());
        Position from = later(replica.head(), replica.early().state().reach());
        ByteBuffer buffer = ByteBuffer.allocateDirect((1 + random.nextInt(4)) * (BLOCK + LogRecord.HEADER_BYTES));
        Position end = source.lane(Set.of(ROOT)).read(from, source.head(), buffer);
        if (!end.equals(from)) {
            replica.early().add(new EarlyBatch(from, end, Term.FIRST), buffer.flip());
        }
    }

    private void acknowledge() throws IOException {
        acknowledged = later(acknowledged, replica.early().sync());
    }

    /** If the power was lost, some of what was never synced ahead of the log is gone. */
    private void restart(boolean powerLoss) throws Exception {
        Path in = replica.directory();
        replica.close();
        if (powerLoss) {
            tear(in.resolve("early"));
        }
        replica = GroupStore.open(in, LIMITS);
        assertThat(later(replica.head(), replica.early().state().reach())).isGreaterThanOrEqualTo(acknowledged);
    }

    /** Whatever was acknowledged ends somewhere in a file; only what stands behind may be torn. */
    private void tear(Path early) throws IOException {
        if (!Files.isDirectory(early)) {
            return;
        }
        try (Stream<Path> files = Files.list(early)) {
            for (Path path : files.toList()) {
                long safe = safeBytes(path);
                try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                    file.setLength(safe + (long) (random.nextDouble() * (file.length() - safe)));
                }
            }
        }
    }

    private long safeBytes(Path path) throws IOException {
        ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(path));
        long safe = 0;
        var next = EarlyBatch.next(content);
        while (next.isPresent() && acknowledged.reaches(next.get().batch().to())) {
            content.position(content.position() + next.get().bytes());
            safe = content.position();
            next = EarlyBatch.next(content);
        }
        return safe;
    }

    private void promote() throws Exception {
        Position log = replica.head();
        Position reach = later(log, replica.early().state().reach());
        Path in = replica.directory();
        Path kept = in.resolveSibling("kept");
        boolean any = Files.isDirectory(in.resolve("early"));
        if (any) {
            copy(in.resolve("early"), kept);
        }
        replica.promote(SECOND);
        assertThat(reach).isGreaterThanOrEqualTo(acknowledged);
        assertHolds(log, reach);
        replica.close();
        if (any && random.nextBoolean()) {
            copy(kept, in.resolve("early"));
        }
        replica = GroupStore.open(in, LIMITS);
        assertHolds(log, reach);
        assertThat(replica.role()).isEqualTo(Role.PRIMARY);
        assertThat(replica.early().state().held()).isEqualTo(ByteCount.ZERO);
        replica.disk(ROOT).write(0, ByteBuffer.wrap(new byte[] {77}));
        replica.close();
        replica = GroupStore.open(in, LIMITS);
        assertThat(StoreFixture.read(replica.disk(ROOT), 0, 1)).containsExactly(77);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private void assertHolds(Position log, Position reach) throws IOException {
        assertThat(StoreFixture.read(replica.disk(DATA), 0, (int) SIZE.bytes())).isEqualTo(expected(DATA, log));
        assertThat(StoreFixture.read(replica.disk(ROOT), 0, (int) SIZE.bytes())).isEqualTo(expected(ROOT, reach));
    }

    private byte[] expected(DiskName disk, Position end) {
        byte[] bytes = new byte[BLOCK * BLOCKS];
        for (Write write : writes) {
            if (write.disk().equals(disk) && end.reaches(write.end())) {
                Arrays.fill(bytes, BLOCK * write.block(), BLOCK * (write.block() + 1), write.content());
            }
        }
        return bytes;
    }

    private static Position later(Position one, Position other) {
        return one.reaches(other) ? one : other;
    }
}
