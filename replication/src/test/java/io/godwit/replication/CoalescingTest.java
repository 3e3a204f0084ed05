package io.godwit.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.GroupStore;
import io.godwit.volume.HistoryWindow;
import io.godwit.volume.PointView;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What waits to be shipped crosses without what was overwritten meanwhile. */
@Timeout(120)
class CoalescingTest {
    private static final ByteCount DISK = ByteCount.ofMiB(1);
    private static final int BLOCK = 16 << 10;

    @TempDir
    Path directory = Path.of("");

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private TwoSites sites;

    @BeforeEach
    void start() throws Exception {
        System.out.println("CoalescingTest seed " + seed);
        sites = new TwoSites(directory, DISK);
        sites.connect();
        assertThat(sites.seeded()).isTrue();
    }

    @AfterEach
    void stop() throws Exception {
        sites.close();
    }

    /** The same sixteen blocks over and over, with content that doesn't compress. */
    private void overwrite(int writes) throws Exception {
        for (int write = 0; write < writes; write++) {
            TwoSites.write(sites.source, TwoSites.ROOT, (long) BLOCK * random.nextInt(16), BLOCK, random);
        }
    }

    @Test
    void aBacklogCostsWhatIsLeftOfIt() throws Exception {
        sites.disconnect();
        long before = sites.replicator.status().wanBytes();
        overwrite(320);
        sites.connect();
        assertThat(sites.caughtUp()).isTrue();
        ReplicationStatus status = sites.replicator.status();
        assertThat(status.leftOutBytes()).isGreaterThan(200L * BLOCK);
        assertThat(status.wanBytes() - before).isLessThan(160L * BLOCK);
        Position end = sites.source.head();
        GroupStore copy = sites.replica.store().orElseThrow();
        assertThat(copy.end()).isEqualTo(sites.source.end());
        assertThat(TwoSites.digests(copy, end)).isEqualTo(TwoSites.digests(sites.source, end));
    }

    @Test
    void whereFlushesWaitEveryRecordCrosses() throws Exception {
        assertThat(sites.become(Mode.SYNC, TwoSites.PATIENCE).done()).isTrue();
        sites.disconnect();
        overwrite(200);
        sites.connect();
        assertThat(sites.caughtUp()).isTrue();
        assertThat(sites.replicator.status().leftOutBytes()).isZero();
    }

    /** The link breaks at any moment, often within a batch: what the replica has is always what the source had at some moment. */
    @Test
    void whereverTheLinkBreaksTheReplicaIsAtAPoint() throws Exception {
        sites.source.history().keep(new HistoryWindow(ByteCount.ofMiB(16), Duration.ofHours(1)));
        for (int round = 0; round < 6; round++) {
            sites.disconnect();
            overwrite(200);
            sites.connect();
            crossed(random.nextInt(400 << 10));
            sites.disconnect();
            assertIsAPointOfTheSource(sites.replica.store().orElseThrow());
            sites.restartReplica();
            assertIsAPointOfTheSource(sites.replica.store().orElseThrow());
            sites.connect();
            assertThat(sites.caughtUp()).isTrue();
        }
        assertThat(sites.replicator.status().leftOutBytes()).isPositive();
    }

    /** Waits until so many bytes more have crossed, or all of them. */
    private void crossed(int bytes) throws InterruptedException {
        long due = sites.replicator.status().wanBytes() + bytes;
        while (sites.replicator.status().wanBytes() < due
                && !sites.replicator.awaitRemoteDurable(sites.source.head(), Duration.ofMillis(1))) {
            Thread.onSpinWait();
        }
    }

    private void assertIsAPointOfTheSource(GroupStore copy) throws Exception {
        byte[] here = new byte[(int) DISK.bytes()];
        byte[] there = new byte[(int) DISK.bytes()];
        sites.source.awaitDurable(sites.source.head());
        try (PointView point = sites.source.history().open(copy.head())) {
            for (DiskSpec disk : copy.disks()) {
                point.read(disk.name(), 0, ByteBuffer.wrap(here));
                copy.disk(disk.name()).read(0, ByteBuffer.wrap(there));
                assertThat(there).isEqualTo(here);
            }
        }
    }
}
