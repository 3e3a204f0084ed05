package io.godwit.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.GroupStore;
import io.godwit.volume.LogEnd;
import io.godwit.volume.PatchStore;
import io.godwit.volume.SetAside;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Only what differs crosses, whatever the reason why it differs; and until it has, the replica stays what it was. */
@Timeout(180)
class ResyncTest {
    private static final ByteCount DISK = ByteCount.ofMiB(24);
    private static final int MIB = 1 << 20;
    /** More than the log holds. */
    private static final int OVERRUN_MIB = 40;

    @TempDir
    Path directory = Path.of("");

    private final Random random = new Random(11);
    private TwoSites sites;

    @BeforeEach
    void start() throws Exception {
        sites = new TwoSites(directory, DISK);
    }

    @AfterEach
    void stop() throws Exception {
        sites.close();
    }

    private void fill(int mebibytes) throws Exception {
        for (int i = 0; i < mebibytes; i++) {
            TwoSites.write(sites.source, TwoSites.ROOT, (long) i * MIB, MIB, random);
        }
        sites.source.awaitDurable(sites.source.head());
    }

    /** Writes more than the log holds, all of it to the same mebibyte of the disk. */
    private void overrun() throws Exception {
        for (int i = 0; i < OVERRUN_MIB; i++) {
            TwoSites.write(sites.source, TwoSites.ROOT, 5 * MIB, MIB, random);
        }
        sites.source.awaitDurable(sites.source.head());
        assertThat(sites.source.log().overrun(Replicator.FOLLOWER)).isTrue();
    }

    private void seed() throws Exception {
        sites.connect();
        assertThat(sites.seeded())
                .as(() -> "seeded: " + sites.replicator.status())
                .isTrue();
        assertThat(sites.caughtUp()).isTrue();
    }

    private void assertIdentical() throws Exception {
        assertThat(sites.replicator.awaitRemoteDurable(sites.source.head(), TwoSites.PATIENCE))
                .as(() -> "caught up: " + sites.replicator.status())
                .isTrue();
        assertThat(sites.replica.status().repairing()).isFalse();
        assertThat(sites.replica.status().consistent()).isTrue();
        Position end = sites.source.head();
        GroupStore copy = sites.replica.store().orElseThrow();
        assertThat(copy.end()).isEqualTo(sites.source.end());
        assertThat(copy.terms()).isEqualTo(sites.source.terms());
        assertThat(TwoSites.digests(copy, end)).isEqualTo(TwoSites.digests(sites.source, end));
    }

    private static int entries(Path directory, String suffix) throws Exception {
        try (var files = Files.list(directory)) {
            return (int) files.filter(file -> file.toString().endsWith(suffix)).count();
        }
    }

    @Test
    void afterALongOutageOnlyWhatChangedCrosses() throws Exception {
        fill(20);
        seed();
        sites.disconnect();
        long before = sites.replicator.status().wanBytes();
        overrun();
        sites.connect();
        assertIdentical();
        SeedStatus seed = sites.replicator.status().seed();
        assertThat(seed.byDifference()).isTrue();
        assertThat(seed.totalBytes()).as("tracked").isLessThanOrEqualTo(2 * MIB);
        assertThat(seed.sentBytes()).isEqualTo(MIB);
        assertThat(sites.replicator.status().wanBytes() - before).isLessThan(MIB + (200 << 10));
        assertThat(entries(directory.resolve("west"), ".next")).isZero();
        assertThat(entries(directory.resolve("west"), ".seeding")).isZero();
        TwoSites.change(sites.source, random);
        sites.restartReplica();
        sites.connect();
        assertIdentical();
    }

    /** They are neither among what was tracked nor, if the log were shipped from its end, in what is shipped. */
    @Test
    void writesThatAreNotYetDurableWhenTheReplicaComesBackAreNotLeftOut() throws Exception {
        fill(2);
        seed();
        for (int i = 0; i < 10; i++) {
            sites.disconnect();
            overrun();
            TwoSites.write(sites.source, TwoSites.DATA, (long) i * MIB, 4096, random);
            sites.connect();
            assertIdentical();
        }
    }

    @Test
    void anImageThatIsNearlyTheSameIsBroughtToTheSame() throws Exception {
        fill(20);
        sites.source.awaitImages(sites.source.head());
        byte[] golden = Files.readAllBytes(
                Path.of(sites.source.disks().getFirst().base().toString()));
        golden[3 * MIB + 100]++;
        golden[22 * MIB]++;
        Files.write(Path.of(sites.replicaDisks.getFirst().base().toString()), golden);
        sites.connect();
        assertThat(sites.seeded())
                .as(() -> "seeded: " + sites.replicator.status())
                .isTrue();
        assertIdentical();
        assertThat(sites.replicator.status().seed().sentBytes()).isEqualTo(BlockDigests.BLOCK_BYTES);
        assertThat(sites.replicator.status().wanBytes()).isLessThan(64 << 10);
    }

    @Test
    void untilItIsCompleteTheReplicaIsWhatItWas() throws Exception {
        fill(20);
        seed();
        LogEnd then = sites.source.end();
        String digests = TwoSites.digests(sites.source, then.position());
        sites.disconnect();
        overrun();
        sites.replicator.paceSeeding(OptionalLong.of(100_000), false);
        sites.connect();
        while (sites.replicator.status().seed().sentBytes() == 0
                || !sites.replica.status().repairing()) {
            Thread.sleep(1);
        }
        for (int i = 0; i < 20; i++) {
            TwoSites.change(sites.source, random);
        }
        assertThat(sites.replica.status().consistent()).isTrue();
        assertThat(sites.replica.status().durable()).isEqualTo(then.position());
        assertThat(sites.replicator.status().seeded()).isFalse();
        sites.restartReplica();
        assertThat(sites.replica.status().consistent()).isTrue();
        assertThat(sites.replica.status().repairing()).isTrue();
        GroupStore old = sites.replica.store().orElseThrow();
        assertThat(old.end()).isEqualTo(then);
        assertThat(TwoSites.digests(old, then.position())).isEqualTo(digests);
        sites.replicator.paceSeeding(OptionalLong.empty(), false);
        sites.connect();
        assertIdentical();
    }

    @Test
    void aReplicaThatIsPromotedInTheMiddleGoesOnFromWhatItWas() throws Exception {
        fill(20);
        seed();
        sites.disconnect();
        overrun();
        sites.replicator.paceSeeding(OptionalLong.of(100_000), false);
        sites.connect();
        while (sites.replicator.status().seed().sentBytes() == 0
                || !sites.replica.status().repairing()) {
            Thread.sleep(1);
        }
        sites.exchange();
        sites.source.promote(sites.source.term().next());
        TwoSites.write(sites.source, TwoSites.DATA, 0, MIB, random);
        sites.connect();
        assertIdentical();
        assertThat(Replica.setAside(sites.replica.store().orElseThrow().directory())
                        .list())
                .hasSize(1);
    }

    /** The one thing that can't be tried at every line: where the power fails while the stores change places. */
    @Test
    void aMergeIsFinishedWhereverItStopped() throws Exception {
        fill(20);
        seed();
        sites.disconnect();
        overrun();
        for (SeedNote.Phase phase : new SeedNote.Phase[] {SeedNote.Phase.MERGING, SeedNote.Phase.MERGED}) {
            TwoSites.write(sites.source, TwoSites.DATA, 0, MIB, random);
            sites.source.awaitDurable(sites.source.head());
            GroupStore old = sites.replica.store().orElseThrow();
            Path store = old.directory();
            Path next = store.resolveSibling("store.next");
            try (GroupStore fresh = PatchStore.create(
                    next, old, sites.source.term(), sites.source.end(), sites.source.terms(), TwoSites.STORE)) {
                for (DiskSpec disk : fresh.disks()) {
                    ByteBuffer content = ByteBuffer.allocateDirect((int) DISK.bytes());
                    sites.source.disk(disk.name()).read(0, content);
                    fresh.writeBase(disk.name(), 0, content.flip());
                }
                fresh.syncBase();
                old.awaitImages(old.head());
            }
            sites.replica.close();
            old.close();
            if (phase == SeedNote.Phase.MERGED) {
                PatchStore.mergeImages(next, sites.replicaDisks);
                Files.delete(store.resolve("store"));
            }
            SeedNote.beside(store).write(SeedNote.Content.of(phase));
            sites.replica = sites.openReplica();
            assertThat(sites.replica.status().consistent()).isTrue();
            assertThat(sites.replica.store().orElseThrow().end()).isEqualTo(sites.source.end());
        }
        long before = sites.replicator.status().wanBytes();
        sites.connect();
        assertIdentical();
        assertThat(sites.replicator.status().wanBytes() - before).isLessThan(10_000);
    }

    @Test
    void writesThatNeverReachedTheOtherSiteAreSetAside() throws Exception {
        fill(8);
        seed();
        sites.disconnect();
        Position parting = sites.source.head();
        TwoSites.write(sites.source, TwoSites.ROOT, 2 * MIB, MIB, random);
        sites.source.awaitImages(sites.source.head());
        sites.exchange();
        sites.source.promote(sites.source.term().next());
        TwoSites.write(sites.source, TwoSites.ROOT, 6 * MIB, 8192, random);
        long before = sites.replicator.status().wanBytes();
        sites.connect();
        assertIdentical();
        assertThat(sites.replicator.status().seed().totalBytes()).isEqualTo(MIB);
        assertThat(sites.replicator.status().wanBytes() - before).isLessThan(MIB + (128 << 10));
        SetAside.Entry kept = Replica.setAside(
                        sites.replica.store().orElseThrow().directory())
                .list()
                .getFirst();
        assertThat(kept.from()).isEqualTo(parting);
        assertThat(kept.changedBytes()).isEqualTo(ByteCount.ofMiB(1));
    }

    @Test
    void turningRoundAfterALongSeparationSendsWhatEitherSideChanged() throws Exception {
        fill(20);
        seed();
        sites.disconnect();
        TwoSites.write(sites.source, TwoSites.ROOT, 2 * MIB, MIB, random);
        sites.source.awaitImages(sites.source.head());
        sites.exchange();
        sites.source.promote(sites.source.term().next());
        overrun();
        sites.connect();
        assertIdentical();
        assertThat(sites.replicator.status().seed().sentBytes()).isEqualTo(2 * MIB);
    }

    @Test
    void breaksOverrunsAndRestartsAtRandomMoments() throws Exception {
        long seed = System.nanoTime();
        System.out.println("ResyncTest seed " + seed);
        Random chance = new Random(seed);
        fill(12);
        seed();
        for (int i = 0; i < 8; i++) {
            sites.disconnect();
            if (chance.nextInt(3) > 0) {
                for (int k = 0; k < OVERRUN_MIB; k++) {
                    TwoSites.write(sites.source, TwoSites.ROOT, (long) chance.nextInt(20) * MIB, MIB, chance);
                }
            }
            for (int round = 0; round < 3; round++) {
                AtomicBoolean enough = new AtomicBoolean();
                Future<Integer> guest = guest(chance.nextLong(), enough);
                sites.connect();
                Thread.sleep(chance.nextInt(120));
                sites.disconnect();
                enough.set(true);
                guest.get(60, TimeUnit.SECONDS);
                switch (chance.nextInt(5)) {
                    case 0 -> sites.restartReplica();
                    case 1 -> sites.restartSource();
                    case 2 -> turnRound(chance);
                    default -> {}
                }
            }
        }
        sites.connect();
        assertThat(sites.seeded())
                .as("seed %d: %s", seed, sites.replicator.status())
                .isTrue();
        assertIdentical();
    }

    /** A failover: the replica, whatever it is at that moment, becomes the source, and the former source had gone on. */
    private void turnRound(Random chance) throws Exception {
        if (!sites.replica.status().consistent()) {
            return;
        }
        for (int i = chance.nextInt(4); i > 0; i--) {
            TwoSites.change(sites.source, chance);
        }
        GroupStore old = sites.source;
        sites.exchange();
        sites.source.promote(old.term().next());
    }

    private Future<Integer> guest(long seed, AtomicBoolean enough) {
        GroupStore store = sites.source;
        return sites.start(() -> {
            Random dice = new Random(seed);
            int changes = 0;
            while (!enough.get()) {
                TwoSites.change(store, dice);
                changes++;
                Thread.sleep(2);
            }
            return changes;
        });
    }
}
