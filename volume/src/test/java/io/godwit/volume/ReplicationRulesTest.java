package io.godwit.volume;

import static io.godwit.volume.GroupStoreTest.assertRefused;
import static io.godwit.volume.StoreFixture.ROOT;
import static io.godwit.volume.StoreFixture.primary;
import static io.godwit.volume.StoreFixture.random;
import static io.godwit.volume.StoreFixture.replica;
import static io.godwit.volume.StoreFixture.ship;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a replica takes over, and what it doesn't. */
class ReplicationRulesTest {
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
    }

    @AfterEach
    void close() throws IOException {
        east.close();
        west.close();
    }

    private ByteBuffer recordsFrom(GroupStore store, Position from) throws IOException, InterruptedException {
        store.awaitDurable(store.head());
        ByteBuffer records = ByteBuffer.allocate(2 * LogRecord.MAX_BYTES);
        store.log().read(from).read(records);
        return records.flip();
    }

    @Test
    void recordsMustBeginAtTheHead() throws Exception {
        Position first = east.disk(ROOT).write(0, random(1, 4096));
        east.disk(ROOT).write(0, random(2, 4096));
        ByteBuffer second = recordsFrom(east, first);
        assertRefused(ErrorCode.CORRUPT, () -> west.append(second));
        ByteBuffer both = recordsFrom(east, Position.START);
        west.append(both);
        assertRefused(ErrorCode.CORRUPT, () -> west.append(both.rewind()));
        assertThat(west.head()).isEqualTo(east.head());
    }

    @Test
    void aPrimaryTakesNothingOver() throws Exception {
        ByteBuffer records = ByteBuffer.allocate(0);
        assertRefused(ErrorCode.CONFLICT, () -> east.append(records));
    }

    @Test
    void anOldTermIsRefusedAndANewOneIsRemembered() throws Exception {
        east.disk(ROOT).write(0, random(1, 4096));
        ByteBuffer old = recordsFrom(east, Position.START);
        assertRefused(
                ErrorCode.FENCED, () -> new ReplicatedRecords(west.disks(), LogEnd.NOTHING, new Term(2)).check(old));
        east.promote(new Term(5));
        ship(east, west);
        assertThat(west.term()).isEqualTo(new Term(5));
        assertThat(west.role()).isEqualTo(Role.REPLICA);
        assertRefused(ErrorCode.FENCED, () -> west.promote(new Term(5)));
    }

    @Test
    void historiesThatDifferAreNotJoined() throws Exception {
        east.disk(ROOT).write(0, random(1, 4096));
        ship(east, west);
        west.promote(new Term(2));
        Position common = east.head();
        east.disk(ROOT).write(0, ByteBuffer.allocate(0));
        east.mark(0, ByteBuffer.allocate(0));
        west.disk(ROOT).write(0, random(3, 4096));
        assertThat(east.head()).isEqualTo(common.plus(48));
        east.fence();
        ByteBuffer theirs = recordsFrom(west, common.plus(48));
        assertRefused(ErrorCode.CONFLICT, () -> east.append(theirs));
    }

    @Test
    void recordsForOtherDisksAreRefused() throws Exception {
        east.disk(east.disks().getLast().name()).write(0, random(1, 4096));
        ByteBuffer records = recordsFrom(east, Position.START);
        ReplicatedRecords rules = new ReplicatedRecords(east.disks().subList(0, 1), LogEnd.NOTHING, Term.FIRST);
        assertRefused(ErrorCode.CORRUPT, () -> rules.check(records));
    }

    /** Damaged batches are refused as a whole; the replica stays as it was and takes the right ones afterwards. */
    @Test
    void aDamagedBatchChangesNothing() throws Exception {
        long seed = System.nanoTime();
        System.out.println("ReplicationRulesTest seed " + seed);
        Random random = new Random(seed);
        for (int write = 0; write < 20; write++) {
            east.disk(ROOT).write(random.nextInt(1 << 20), random(write, 1 + random.nextInt(9000)));
        }
        ByteBuffer good = recordsFrom(east, Position.START);
        for (int round = 0; round < 300; round++) {
            byte[] bad = new byte[good.remaining()];
            good.duplicate().get(bad);
            for (int flip = random.nextInt(3); flip >= 0; flip--) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 + random.nextInt(255));
            }
            ByteBuffer batch = ByteBuffer.wrap(bad, 0, bad.length - (round % 2 == 0 ? 0 : random.nextInt(bad.length)));
            if (batch.equals(good.duplicate().limit(batch.limit()))) {
                continue;
            }
            assertThatThrownBy(() -> west.append(batch)).isInstanceOf(GodwitException.class);
            assertThat(west.head()).isEqualTo(Position.START);
        }
        west.append(good);
        assertThat(west.chain()).isEqualTo(east.chain());
    }

    @Test
    void aReplicaIsSeededBesideItsLog() throws Exception {
        byte[] content = random(1, 1 << 20).array();
        west.writeBase(ROOT, 4096, ByteBuffer.wrap(content));
        west.zeroBase(ROOT, 8192, 4096);
        west.syncBase();
        java.util.Arrays.fill(content, 4096, 8192, (byte) 0);
        assertThat(StoreFixture.read(west.disk(ROOT), 4096, content.length)).isEqualTo(content);
        assertRefused(ErrorCode.CONFLICT, () -> east.writeBase(ROOT, 0, ByteBuffer.allocate(1)));
        assertRefused(ErrorCode.BAD_INPUT, () -> west.zeroBase(ROOT, 0, StoreFixture.DISK_SIZE.bytes() + 1));
    }

    /** Nothing is applied in this store by itself, so nothing is synced either unless somebody asks. */
    @Test
    void aReaderGetsOnlyWhatIsDurable() throws Exception {
        StoreLimits idle = new StoreLimits(
                ByteCount.ofMiB(64),
                StoreLimits.MIN_SEGMENT,
                ByteCount.ofMiB(4),
                Duration.ofHours(1),
                Duration.ofSeconds(1));
        Path own = Files.createDirectories(directory.resolve("own"));
        try (GroupStore store =
                GroupStore.create(own, StoreFixture.specs(own), Role.PRIMARY, Term.FIRST, Position.START, idle)) {
            LogReader reader = store.log().read(Position.START);
            ByteBuffer records = ByteBuffer.allocate(LogRecord.MAX_BYTES);
            assertThat(reader.await(Duration.ofMillis(1))).isFalse();
            store.disk(ROOT).write(0, random(1, 4096));
            assertThat(reader.read(records)).isZero();
            assertThat(reader.await(Duration.ofMinutes(1))).isTrue();
            assertThat(store.durable()).isEqualTo(store.head());
            assertThat(reader.read(records)).isEqualTo(LogRecord.HEADER_BYTES + 4096);
            assertThat(reader.position()).isEqualTo(store.head());
            assertThat(store.applied()).isEqualTo(Position.START);
        }
    }
}
