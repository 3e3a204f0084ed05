package io.godwit.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.GroupStore;
import io.godwit.volume.HistoryWindow;
import io.godwit.volume.LogEnd;
import io.godwit.volume.PointView;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Batches of which overwritten content was left out, on their way to a replica that is being brought back beside what it was. */
@Timeout(180)
class BatchedResyncTest {
    private static final ByteCount DISK = ByteCount.ofMiB(16);
    private static final int MIB = 1 << 20;
    private static final int BLOCK = 16 << 10;
    private static final long CRAWL = 100_000;
    private static final HistoryWindow ALL = new HistoryWindow(ByteCount.ofMiB(16), Duration.ofHours(1));

    @TempDir
    Path directory = Path.of("");

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private TwoSites sites;
    /** What the replica was when the link broke for too long. */
    private LogEnd then = LogEnd.NOTHING;

    private String digestsThen = "";

    @BeforeEach
    void beginARepair() throws Exception {
        System.out.println("BatchedResyncTest seed " + seed);
        sites = new TwoSites(directory, DISK);
        sites.history = ALL;
        fill();
        sites.restartReplica();
        follow();
        then = sites.source.end();
        digestsThen = TwoSites.digests(sites.source, then.position());
        sites.disconnect();
        for (int i = 0; i < 40; i++) {
            TwoSites.write(sites.source, TwoSites.ROOT, (long) (i % 8) * MIB, MIB, random);
        }
        sites.source.awaitDurable(sites.source.head());
        assertThat(sites.source.log().overrun(Replicator.FOLLOWER)).isTrue();
        sites.replicator.paceSeeding(OptionalLong.of(CRAWL), false);
        sites.connect();
        while (!sites.replica.status().repairing()) {
            Thread.sleep(1);
        }
        sites.replicator.paceSeeding(OptionalLong.of(CRAWL), true);
    }

    @AfterEach
    void stop() throws Exception {
        sites.close();
    }

    /** Connects until the replica has everything: where processors are scarce a side may fall silent for too long. */
    private void follow() throws Exception {
        long deadline = System.nanoTime() + 2 * TwoSites.PATIENCE.toNanos();
        sites.connect();
        while (!sites.replicator.awaitRemoteDurable(sites.source.head(), Duration.ofSeconds(1))) {
            assertThat(System.nanoTime() - deadline)
                    .as(() -> "seed %d: %s".formatted(seed, sites.replicator.status()))
                    .isNegative();
            if (!sites.replicator.status().connected()) {
                sites.disconnect();
                sites.connect();
            }
        }
    }

    private void fill() throws Exception {
        for (int i = 0; i < 8; i++) {
            TwoSites.write(sites.source, TwoSites.ROOT, (long) i * MIB, MIB, random);
        }
        sites.source.awaitDurable(sites.source.head());
    }

    /** The same blocks over and over, some of them among those that the copy is still to compare, and some trims. */
    private void overwrite(int writes) throws Exception {
        for (int write = 0; write < writes; write++) {
            long offset = (long) BLOCK * random.nextInt(24) + (random.nextInt(3) << 21);
            if (random.nextInt(8) == 0) {
                sites.source.disk(TwoSites.ROOT).trim(offset, BLOCK);
            } else {
                TwoSites.write(sites.source, TwoSites.ROOT, offset, BLOCK, random);
            }
        }
        sites.source.awaitDurable(sites.source.head());
    }

    /** Waits until so many bytes more have crossed, or the replica has all of the log. */
    private void crossed(int bytes) throws InterruptedException {
        long due = sites.replicator.status().wanBytes() + bytes;
        while (sites.replicator.status().wanBytes() < due
                && !sites.replicator.awaitRemoteDurable(sites.source.head(), Duration.ofMillis(1))) {
            Thread.onSpinWait();
        }
    }

    private void assertStillWhatItWas() throws Exception {
        assertThat(sites.replica.status().repairing()).isTrue();
        assertThat(sites.replica.status().consistent()).isTrue();
        GroupStore old = sites.replica.store().orElseThrow();
        assertThat(old.end()).isEqualTo(then);
        assertThat(TwoSites.digests(old, then.position())).isEqualTo(digestsThen);
    }

    private void completeAndCompare() throws Exception {
        complete();
        Position end = sites.source.head();
        GroupStore copy = sites.replica.store().orElseThrow();
        assertThat(TwoSites.digests(copy, end)).as("seed %d", seed).isEqualTo(TwoSites.digests(sites.source, end));
    }

    /** Without a look at the images, which would cut the history short. */
    private void complete() throws Exception {
        sites.replicator.paceSeeding(OptionalLong.empty(), false);
        follow();
        assertThat(sites.replica.status().repairing()).isFalse();
        assertThat(sites.replica.store().orElseThrow().end()).isEqualTo(sites.source.end());
    }

    @Test
    void whereverItBreaksTheOldStateStaysAndTheNewOneBecomesRight() throws Exception {
        for (int round = 0; round < 4; round++) {
            sites.disconnect();
            overwrite(200);
            sites.connect();
            crossed(random.nextInt(600 << 10));
            sites.disconnect();
            assertStillWhatItWas();
            if (random.nextBoolean()) {
                sites.restartReplica();
                assertStillWhatItWas();
            }
        }
        assertThat(sites.replicator.status().leftOutBytes()).isPositive();
        completeAndCompare();
    }

    @Test
    void aReplicaThatIsPromotedWithinABatchGoesOnFromWhatItWas() throws Exception {
        sites.disconnect();
        overwrite(400);
        sites.connect();
        crossed(300 << 10);
        sites.exchange();
        assertThat(sites.source.end()).isEqualTo(then);
        sites.source.promote(sites.source.term().next());
        assertThat(TwoSites.digests(sites.source, sites.source.head())).isEqualTo(digestsThen);
        overwrite(100);
        completeAndCompare();
    }

    /** The history of the new state begins where it was complete; batches that come then have points at their ends. */
    @Test
    void pointsOfTheNewStateAreTheSourcesPoints() throws Exception {
        sites.source.history().keep(ALL);
        sites.disconnect();
        overwrite(200);
        complete();
        for (int round = 0; round < 3; round++) {
            sites.disconnect();
            overwrite(200);
            sites.source.mark(round, ByteBuffer.allocate(8));
            overwrite(100);
            complete();
        }
        GroupStore copy = sites.replica.store().orElseThrow();
        assertThat(copy.history().marks()).hasSize(3);
        for (var mark : copy.history().marks()) {
            assertSamePoint(copy, mark.position());
        }
        assertSamePoint(copy, copy.history().oldest());
        assertThat(sites.replicator.status().leftOutBytes()).isPositive();
    }

    private void assertSamePoint(GroupStore copy, Position position) throws Exception {
        byte[] here = new byte[(int) DISK.bytes()];
        byte[] there = new byte[(int) DISK.bytes()];
        try (PointView ours = sites.source.history().open(position);
                PointView theirs = copy.history().open(position)) {
            for (DiskSpec disk : copy.disks()) {
                ours.read(disk.name(), 0, ByteBuffer.wrap(here));
                theirs.read(disk.name(), 0, ByteBuffer.wrap(there));
                assertThat(there)
                        .as("%s at %s, seed %d", disk.name(), position, seed)
                        .isEqualTo(here);
            }
        }
    }
}
