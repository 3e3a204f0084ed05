package io.godwit.volume;

import static io.godwit.volume.GroupStoreTest.assertRefused;
import static io.godwit.volume.StoreFixture.LIMITS;
import static io.godwit.volume.StoreFixture.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.Position;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that is kept for a while before it is applied, a replica that has all of it, and a disk that changes bits. */
class LogMendTest {
    private static final HistoryWindow KEPT = new HistoryWindow(ByteCount.ofMiB(24), Duration.ofHours(1));
    private static final int WRITES = 24;
    private static final int WRITE_BYTES = 300_000;
    private static final long SEED = Long.getLong("godwit.seed", System.nanoTime());

    @TempDir
    Path directory = Path.of("");

    private final List<Position> ends = new ArrayList<>();

    @BeforeEach
    void writeOnBothSides() throws Exception {
        StoreFixture.primary(here()).close();
        StoreFixture.replica(there()).close();
        try (GroupStore source = GroupStore.open(here(), LIMITS, KEPT);
                GroupStore copy = GroupStore.open(there(), LIMITS, KEPT)) {
            for (int i = 0; i < WRITES; i++) {
                ends.add(source.disk(ROOT).write((long) i * WRITE_BYTES, StoreFixture.random(i, WRITE_BYTES)));
            }
            StoreFixture.ship(source, copy);
        }
    }

    private Path here() {
        return directory.resolve("east");
    }

    private Path there() {
        return directory.resolve("west");
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(here().resolve("log"))) {
            return files.filter(file -> file.toString().endsWith(Segment.SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    private void flip(Path file, long at, int bit) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(at);
            int was = open.read();
            open.seek(at);
            open.write(was ^ (1 << bit));
        }
    }

    /** Flips a bit of the byte at that position of the log. */
    private void flip(long position, int bit) throws IOException {
        Path holder = segments().stream()
                .filter(segment -> LogCut.start(segment) <= position)
                .reduce((first, second) -> second)
                .orElseThrow();
        flip(holder, Segment.HEADER_BYTES + position - LogCut.start(holder), bit);
    }

    /** What the replica has from there on. */
    private ByteBuffer records(LogEnd from) throws IOException {
        try (GroupStore copy = GroupStore.open(there(), LIMITS, KEPT)) {
            assertThat(copy.log().holds(from)).isTrue();
            ByteBuffer records = ByteBuffer.allocate(LogRecord.MAX_BYTES);
            copy.log().read(from.position()).read(records);
            return records.flip();
        }
    }

    private int mend() throws IOException {
        int written = 0;
        for (Optional<LogDamage> damage = LogDamage.find(here()); damage.isPresent(); damage = LogDamage.find(here())) {
            written +=
                    LogMend.at(here(), damage.get().at(), records(damage.get().at()));
        }
        return written;
    }

    private void requireAllThere() throws IOException {
        try (GroupStore source = GroupStore.open(here(), LIMITS, KEPT)) {
            assertThat(source.head()).isEqualTo(ends.getLast());
            for (int i = 0; i < WRITES; i++) {
                assertThat(StoreFixture.read(source.disk(ROOT), (long) i * WRITE_BYTES, WRITE_BYTES))
                        .isEqualTo(StoreFixture.random(i, WRITE_BYTES).array());
            }
        }
    }

    @Test
    void aLogThatIsWholeHasNoDamage() throws Exception {
        assertThat(LogDamage.find(here())).isEmpty();
        requireAllThere();
    }

    @Test
    void whatWasDurableIsMissedAndNotCutOff() throws Exception {
        flip(ends.get(3).value() + 100_000, 5);
        assertRefused(ErrorCode.CORRUPT, () -> GroupStore.open(here(), LIMITS));
        LogDamage damage = LogDamage.find(here()).orElseThrow();
        assertThat(damage.at().position()).isEqualTo(ends.get(3));
        assertThat(damage.promised()).isEqualTo(ends.getLast());
        flip(ends.get(3).value() + 100_000, 5);
        requireAllThere();
    }

    @Test
    void theReplicasRecordIsPutInItsPlaceAndTheOthersAreLeftAlone() throws Exception {
        flip(ends.get(3).value() + 100_000, 5);
        assertThat(mend()).isEqualTo(1);
        requireAllThere();
    }

    @Test
    void aSegmentsHeaderIsMadeAnew() throws Exception {
        flip(segments().get(1), 17, 0);
        assertRefused(ErrorCode.CORRUPT, () -> GroupStore.open(here(), LIMITS));
        assertThat(mend()).isZero();
        requireAllThere();
    }

    @Test
    void whereverBitsAreFlippedItIsWholeAgain() throws Exception {
        System.out.println("LogMendTest seed " + SEED);
        Random random = new Random(SEED);
        for (int round = 0; round < 10; round++) {
            for (int flips = 1 + random.nextInt(6); flips > 0; flips--) {
                flip(random.nextLong(ends.getLast().value()), random.nextInt(8));
            }
            mend();
            requireAllThere();
        }
    }

    @Test
    void anotherHistoryIsNotWrittenOver() throws Exception {
        Path other = directory.resolve("other");
        ByteBuffer theirs = ByteBuffer.allocate(LogRecord.MAX_BYTES);
        try (GroupStore stranger = StoreFixture.primary(other)) {
            stranger.disk(ROOT).write(0, StoreFixture.random(99, WRITE_BYTES));
            stranger.awaitDurable(stranger.head());
            stranger.log().read(Position.START).read(theirs);
        }
        assertRefused(ErrorCode.CONFLICT, () -> LogMend.at(here(), LogEnd.NOTHING, theirs.flip()));
        ByteBuffer damaged = records(LogEnd.NOTHING);
        damaged.put(LogRecord.HEADER_BYTES + 7, (byte) ~damaged.get(LogRecord.HEADER_BYTES + 7));
        assertRefused(ErrorCode.CORRUPT, () -> LogMend.at(here(), LogEnd.NOTHING, damaged));
        requireAllThere();
    }
}
