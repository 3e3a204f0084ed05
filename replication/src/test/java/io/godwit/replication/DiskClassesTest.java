package io.godwit.replication;

import static io.godwit.replication.TwoSites.DATA;
import static io.godwit.replication.TwoSites.PATIENCE;
import static io.godwit.replication.TwoSites.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A group with a sync disk, root, and an async one, data, under SYNC. */
@Timeout(180)
class DiskClassesTest {
    private static final ByteCount DISK = ByteCount.ofMiB(16);
    private static final int BLOCK = 4096;
    /** About 2 MiB a second: what is written below takes it seconds. */
    private static final int SLOW = 500_000;

    /** A write to root; its content is its number. */
    private record Write(int block, int number, Position end) {}

    @TempDir
    Path directory = Path.of("");

    private final long seed = Long.getLong("godwit.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<Write> writes = new ArrayList<>();
    private TwoSites sites;

    @BeforeEach
    void start() throws Exception {
        System.out.println("DiskClassesTest seed " + seed);
        sites = new TwoSites(directory, DISK, Set.of(DATA));
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        assertThat(sites.become(Mode.SYNC, PATIENCE).done()).isTrue();
    }

    @AfterEach
    void stop() throws Exception {
        sites.close();
    }

    private DurabilityRule rule(DiskName disk) {
        return sites.replicator.rule(disk);
    }

    /** Bulk that doesn't compress. */
    private Position bulk(int mebibytes) throws Exception {
        Position end = sites.source.head();
        for (int i = 0; i < mebibytes * 4; i++) {
            end = TwoSites.write(sites.source, DATA, (long) (256 << 10) * random.nextInt(64), 256 << 10, random);
        }
        return end;
    }

    private Position writeRoot() throws Exception {
        int block = random.nextInt(64);
        int number = writes.size() + 1;
        ByteBuffer content = ByteBuffer.allocate(BLOCK);
        while (content.hasRemaining()) {
            content.putInt(number);
        }
        Position end = sites.source.disk(ROOT).write((long) BLOCK * block, content.flip());
        writes.add(new Write(block, number, end));
        return end;
    }

    private void flushRoot(Position position) throws Exception {
        rule(ROOT).awaitSafe(position);
    }

    private GroupStore copy() {
        return sites.replica.store().orElseThrow();
    }

    /** The link is slower than data's guest, for as long as it takes to break it. */
    private void slowLink() throws Exception {
        sites.disconnect();
        sites.nanosPerKib = SLOW;
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        assertThat(sites.caughtUp()).isTrue();
    }

    private void fastLink() throws Exception {
        sites.disconnect();
        sites.nanosPerKib = 0;
        sites.connect();
        assertThat(sites.seeded()).isTrue();
    }

    @Test
    void aFlushOfASyncDiskDoesNotWaitForWhatAnAsyncDiskWroteBefore() throws Exception {
        slowLink();
        Position bulk = bulk(8);
        for (int i = 0; i < 3; i++) {
            flushRoot(writeRoot());
        }
        ReplicationStatus status = sites.replicator.status();
        assertThat(status.remoteDurable()).isLessThan(bulk);
        assertThat(status.syncDisks().orElseThrow().lag()).isEqualTo(ByteCount.ZERO);
        rule(DATA).awaitSafe(bulk);
        assertThat(sites.replicator.status().remoteDurable()).isLessThan(bulk);
        fastLink();
        assertThat(sites.caughtUp()).isTrue();
        assertSame();
        assertThat(copy().early().state().held()).isEqualTo(ByteCount.ZERO);
    }

    private void assertSame() throws Exception {
        Position end = sites.source.head();
        assertThat(copy().end()).isEqualTo(sites.source.end());
        assertThat(TwoSites.digests(copy(), end)).isEqualTo(TwoSites.digests(sites.source, end));
    }

    /** The site is lost with most of data's writes; what root's guest was told is at the other one, also after restarts there. */
    @Test
    void whatWasFlushedSurvivesTheSiteAndTheSiteComesBackAsTheReplica() throws Exception {
        slowLink();
        bulk(6);
        Position flushed = Position.START;
        for (int i = 0; i < 20; i++) {
            flushed = writeRoot();
        }
        flushRoot(flushed);
        sites.restartReplica();
        assertThat(copy().head()).isLessThan(flushed);
        sites.connect();
        flushed = writeRoot();
        flushRoot(flushed);
        sites.disconnect();
        copy().promote(new Term(2));
        assertRoot(copy(), flushed);
        sites.nanosPerKib = 0;
        sites.exchange();
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        assertThat(sites.caughtUp()).isTrue();
        assertSame();
        assertThat(Replica.setAside(copy().directory()).list()).hasSize(1);
        writes.clear();
        assertThat(sites.become(Mode.SYNC, PATIENCE).done()).isTrue();
        flushRoot(writeRoot());
    }

    /** Root as all writes up to a position have left it; what was written later than that may be there as a prefix. */
    private void assertRoot(GroupStore store, Position flushed) throws Exception {
        int[] found = new int[64];
        for (int block = 0; block < found.length; block++) {
            ByteBuffer content = ByteBuffer.allocate(BLOCK);
            store.disk(ROOT).read((long) BLOCK * block, content);
            found[block] = content.getInt(0);
        }
        int certain = (int)
                writes.stream().filter(write -> flushed.reaches(write.end())).count();
        boolean prefix = false;
        for (int length = certain; length <= writes.size() && !prefix; length++) {
            int[] expected = new int[64];
            writes.subList(0, length).forEach(write -> expected[write.block()] = write.number());
            prefix = java.util.Arrays.equals(expected, found);
        }
        assertThat(prefix)
                .as("root is a prefix of its writes, at least %d; seed %d", certain, seed)
                .isTrue();
    }

    /** Breaks, restarts of either side and losses of a site in random order. */
    @Test
    void nothingThatWasFlushedIsEverLost() throws Exception {
        Term term = Term.FIRST;
        for (int round = 0; round < 4; round++) {
            sites.disconnect();
            sites.nanosPerKib = 50_000 * random.nextInt(1, 10);
            sites.connect();
            assertThat(sites.seeded()).isTrue();
            Position flushed = Position.START;
            for (int step = 0; step < 6; step++) {
                bulk(random.nextInt(3));
                flushed = writeRoot();
                flushRoot(flushed);
                disturb(random.nextInt(4));
            }
            sites.disconnect();
            if (random.nextBoolean()) {
                sites.restartReplica();
            }
            term = term.next();
            copy().promote(term);
            assertRoot(copy(), flushed);
            sites.exchange();
            sites.connect();
            assertThat(sites.seeded()).isTrue();
            assertThat(sites.caughtUp()).isTrue();
            assertSame();
            assertThat(sites.become(Mode.SYNC, PATIENCE).done()).isTrue();
            forgetRoot();
        }
    }

    private void disturb(int kind) throws Exception {
        switch (kind) {
            case 0 -> sites.disconnect();
            case 1 -> sites.restartReplica();
            case 2 -> {
                sites.restartSource();
                sites.become(Mode.SYNC, PATIENCE);
            }
            default -> {
                return;
            }
        }
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        assertThat(sites.become(Mode.SYNC, PATIENCE).done()).isTrue();
    }

    /** Later rounds begin with an empty disk again. */
    private void forgetRoot() throws Exception {
        writes.clear();
        flushRoot(sites.source.disk(ROOT).trim(0, DISK.bytes()));
    }

    @Test
    void aMoveMakesDisksOfEveryClassWait() throws Exception {
        assertThat(sites.replicator.hold(PATIENCE).done()).isTrue();
        sites.disconnect();
        Position position = bulk(1);
        CompletableFuture<Boolean> answered = new CompletableFuture<>();
        Future<Boolean> flush = sites.start(() -> {
            rule(DATA).awaitSafe(position);
            return answered.complete(true);
        });
        Thread.sleep(50);
        assertThat(answered).isNotDone();
        sites.replicator.release();
        assertThat(flush.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void underAsyncNothingIsSentAheadOfTheLog() throws Exception {
        assertThat(sites.become(Mode.ASYNC, PATIENCE).done()).isTrue();
        slowLink();
        Position bulk = bulk(2);
        flushRoot(writeRoot());
        assertThat(sites.replicator.status().remoteDurable()).isLessThan(bulk);
        assertThat(copy().early().state().held()).isEqualTo(ByteCount.ZERO);
        fastLink();
        assertThat(sites.caughtUp()).isTrue();
        assertSame();
    }
}
