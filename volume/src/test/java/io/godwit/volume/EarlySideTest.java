package io.godwit.volume;

import static io.godwit.volume.GroupStoreTest.assertRefused;
import static io.godwit.volume.StoreFixture.DATA;
import static io.godwit.volume.StoreFixture.LIMITS;
import static io.godwit.volume.StoreFixture.ROOT;
import static io.godwit.volume.StoreFixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a replica takes ahead of its log, and what it refuses. */
class EarlySideTest {
    private static final int BLOCK = 4096;

    @TempDir
    Path directory = Path.of("");

    private GroupStore source;
    private GroupStore replica;
    private Position first;
    private Position last;

    /** The replica has the first of five records, of which root's are the second and the fifth. */
    @BeforeEach
    void begin() throws Exception {
        source = StoreFixture.primary(directory.resolve("east"));
        replica = StoreFixture.replica(directory.resolve("west"));
        first = source.disk(DATA).write(0, random(1, BLOCK));
        StoreFixture.ship(source, replica);
        source.disk(ROOT).write(BLOCK, random(2, BLOCK));
        source.disk(DATA).write(BLOCK, random(3, BLOCK));
        source.disk(DATA).trim(0, BLOCK);
        last = source.disk(ROOT).write(0, random(4, BLOCK));
        source.awaitDurable(last);
    }

    @AfterEach
    void end() throws Exception {
        source.close();
        replica.close();
    }

    private ByteBuffer records(Position from, Position to) throws IOException {
        ByteBuffer records = ByteBuffer.allocateDirect(1 << 20);
        assertThat(source.lane(Set.of(ROOT)).read(from, to, records)).isEqualTo(to);
        return records.flip();
    }

    private EarlyBatch batch() {
        return new EarlyBatch(first, last, Term.FIRST);
    }

    private void add() throws IOException {
        replica.early().add(batch(), records(first, last));
    }

    @Test
    void theLaneHasThoseDisksRecordsAlone() throws Exception {
        assertThat(records(first, last).remaining()).isEqualTo(2 * (BLOCK + LogRecord.HEADER_BYTES));
        assertThat(source.lane(Set.of(ROOT)).head()).isEqualTo(last);
        assertThat(source.lane(Set.of(DATA)).head()).isLessThan(last);
        ByteBuffer small = ByteBuffer.allocateDirect(BLOCK + LogRecord.HEADER_BYTES);
        Position reached = source.lane(Set.of(ROOT)).read(first, last, small);
        assertThat(reached).isLessThan(last);
        assertThat(small.hasRemaining()).isFalse();
    }

    @Test
    void itIsSeenByNobodyBeforeThePromotionAndDroppedWhenTheLogIsThere() throws Exception {
        add();
        assertThat(replica.early().sync()).isEqualTo(last);
        assertThat(replica.head()).isEqualTo(first);
        assertThat(StoreFixture.read(replica.disk(ROOT), 0, BLOCK)).containsOnly(0);
        StoreFixture.ship(source, replica);
        replica.awaitDurable(last);
        assertThat(replica.early().sync()).isEqualTo(last);
        assertThat(replica.early().state().held().bytes()).isZero();
        assertThat(directory.resolve("west/early")).isEmptyDirectory();
    }

    @Test
    void refusesWhatDoesNotFollow() throws Exception {
        Position before = Position.START;
        add();
        assertRefused(ErrorCode.CORRUPT, this::add);
        assertRefused(
                ErrorCode.CORRUPT,
                () -> replica.early()
                        .add(new EarlyBatch(last.plus(8), last.plus(16), Term.FIRST), ByteBuffer.allocate(0)));
        assertRefused(
                ErrorCode.CORRUPT,
                () -> replica.early().add(new EarlyBatch(before, first, Term.FIRST), ByteBuffer.allocate(0)));
        assertRefused(
                ErrorCode.CORRUPT,
                () -> replica.early().add(new EarlyBatch(last, last, Term.FIRST), ByteBuffer.allocate(0)));
        assertThat(replica.early().state().reach()).isEqualTo(last);
    }

    @Test
    void refusesRecordsOfAnotherPlaceOrTerm() throws Exception {
        ByteBuffer records = records(first, last);
        assertRefused(
                ErrorCode.CORRUPT,
                () -> replica.early().add(new EarlyBatch(first, first.plus(64), Term.FIRST), records));
        assertRefused(
                ErrorCode.CORRUPT, () -> replica.early().add(new EarlyBatch(first, last, Term.FIRST.next()), records));
        assertRefused(ErrorCode.CONFLICT, () -> source.early().add(batch(), records));
        replica.promote(Term.FIRST.next());
        replica.fence();
        assertRefused(ErrorCode.FENCED, () -> replica.early().add(batch(), records));
    }

    @Test
    void refusesMoreThanThereIsRoomFor() throws Exception {
        add();
        Position from = last;
        boolean refused = false;
        for (int mebibyte = 0; mebibyte < 4 && !refused; mebibyte++) {
            Position end = source.disk(ROOT).write(0, random(5, 1 << 20));
            source.awaitDurable(end);
            ByteBuffer records = ByteBuffer.allocateDirect(2 << 20);
            source.lane(Set.of(ROOT)).read(from, end, records);
            refused = refuses(new EarlyBatch(from, end, Term.FIRST), records.flip());
            from = end;
        }
        assertThat(refused).isTrue();
        assertThat(replica.early().state().held()).isLessThan(LIMITS.segment());
    }

    private boolean refuses(EarlyBatch batch, ByteBuffer records) throws IOException {
        try {
            replica.early().add(batch, records);
            return false;
        } catch (GodwitException refused) {
            return refused.code() == ErrorCode.CORRUPT;
        }
    }

    @Test
    void noBytesFromOutsideDoMoreThanBeRefused() throws Exception {
        long seed = System.nanoTime();
        System.out.println("EarlySideTest seed " + seed);
        Random random = new Random(seed);
        ByteBuffer good = records(first, last);
        List<DiskSpec> disks = source.disks();
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[good.remaining()];
            good.duplicate().get(bytes);
            int flips = 1 + random.nextInt(4);
            for (int i = 0; i < flips; i++) {
                int at = random.nextInt(3) > 0 ? random.nextInt(LogRecord.HEADER_BYTES) : random.nextInt(bytes.length);
                bytes[at] ^= (byte) (1 + random.nextInt(255));
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
            try {
                batch().check(ByteBuffer.wrap(bytes, 0, length).slice(), disks, Term.FIRST);
            } catch (GodwitException refused) {
                assertThat(refused.code()).isIn(ErrorCode.CORRUPT, ErrorCode.FENCED);
            }
        }
    }

    @Test
    void ofADamagedFileTheWholeBatchesBeforeTheDamageAreKept() throws Exception {
        Position middle = replica.head();
        Position second =
                source.lane(Set.of(ROOT)).read(first, last, ByteBuffer.allocateDirect(BLOCK + LogRecord.HEADER_BYTES));
        replica.early().add(new EarlyBatch(middle, second, Term.FIRST), records(first, second));
        replica.early().add(new EarlyBatch(second, last, Term.FIRST), records(second, last));
        replica.close();
        Path early = directory.resolve("west/early");
        Path file = early.resolve("%020d.early".formatted(first.value()));
        byte[] whole = Files.readAllBytes(file);
        int half = EarlyBatch.HEADER_BYTES + BLOCK + LogRecord.HEADER_BYTES;
        assertThat(whole).hasSize(2 * half);
        for (int at = 0; at < whole.length; at += 97) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x10;
            Files.write(file, damaged);
            try (EarlyRecords records = EarlyRecords.open(early, 1 << 20, first)) {
                assertThat(records.reach()).isEqualTo(at < half ? Position.START : second);
            }
            Files.write(file, whole);
        }
        replica = GroupStore.open(directory.resolve("west"), LIMITS);
        assertThat(replica.early().state().reach()).isEqualTo(last);
    }
}
