package io.godwit.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.volume.CarriedCopy;
import io.godwit.volume.CopyManifest;
import io.godwit.volume.CopyWatch;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.GroupStore;
import io.godwit.volume.HistoryWindow;
import io.godwit.volume.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

/** Disks that were carried to the other site need not be sent there. */
@Timeout(180)
class CarriedCopyTest {
    private static final ByteCount DISK = ByteCount.ofMiB(24);
    private static final int MIB = 1 << 20;

    @TempDir
    Path directory = Path.of("");

    private final Random random = new Random(23);
    private TwoSites sites;

    /** Remembers what it was told, and ends the work when it is to. */
    private static final class Watch implements CopyWatch {
        private final List<Step> steps = new ArrayList<>();
        private long done;
        private long endAfter = Long.MAX_VALUE;

        @Override
        public void begin(Step step, long bytes) {
            steps.add(step);
        }

        @Override
        public void done(long bytes) {
            done += bytes;
            if (done > endAfter) {
                throw new GodwitException(ErrorCode.FAILED, "enough");
            }
        }
    }

    @BeforeEach
    void start() throws Exception {
        sites = new TwoSites(directory, DISK);
        for (int i = 0; i < 20; i++) {
            TwoSites.write(sites.source, TwoSites.ROOT, (long) i * MIB, MIB, random);
        }
        sites.source.awaitDurable(sites.source.head());
    }

    @AfterEach
    void stop() throws Exception {
        sites.close();
    }

    private Path medium() {
        return directory.resolve("medium");
    }

    private CopyManifest export(OptionalLong rate, CopyWatch watch) throws Exception {
        return new CopyExport(TwoSites.SHOP, sites.source, directory.resolve("exporting"), rate, watch).into(medium());
    }

    private void bring(List<DiskSpec> images) throws Exception {
        CarriedCopy copy = new CarriedCopy(medium());
        try (CopyImport coming = new CopyImport(copy, copy.manifest(), images)) {
            coming.stage(new Watch());
            sites.replica.replaceImages(coming);
        }
    }

    /** Writes as a guest does, until it is enough. */
    private Future<Integer> guest(AtomicBoolean enough) {
        GroupStore store = sites.source;
        return sites.start(() -> {
            Random dice = new Random(5);
            int changes = 0;
            while (!enough.get()) {
                TwoSites.change(store, dice);
                changes++;
                Thread.sleep(1);
            }
            return changes;
        });
    }

    private void assertIdentical() throws Exception {
        assertThat(sites.seeded())
                .as(() -> "seeded: " + sites.replicator.status())
                .isTrue();
        assertThat(sites.caughtUp()).isTrue();
        GroupStore copy = sites.replica.store().orElseThrow();
        assertThat(copy.end()).isEqualTo(sites.source.end());
        assertThat(TwoSites.digests(copy, copy.head())).isEqualTo(TwoSites.digests(sites.source, copy.head()));
    }

    @Test
    void aCopyHoldsTheDisksAsTheyWereAtOnePositionWhileGuestsWrite() throws Exception {
        sites.source.history().keep(new HistoryWindow(ByteCount.ofMiB(24), java.time.Duration.ofHours(1)));
        AtomicBoolean enough = new AtomicBoolean();
        Future<Integer> guest = guest(enough);
        Watch watch = new Watch();
        CopyManifest manifest = export(OptionalLong.of(60L * MIB), watch);
        enough.set(true);
        assertThat(guest.get(60, TimeUnit.SECONDS)).isPositive();
        assertThat(watch.steps).containsExactly(CopyWatch.Step.COPYING, CopyWatch.Step.VERIFYING);
        assertThat(manifest.end().position()).isLessThanOrEqualTo(sites.source.head());
        assertThat(sites.source.log().holds(manifest.end())).isTrue();
        assertThat(directory.resolve("exporting")).doesNotExist();
        try (var then = sites.source.history().open(manifest.end().position())) {
            for (CopyManifest.Disk disk : manifest.disks()) {
                ByteBuffer content = ByteBuffer.allocate((int) DISK.bytes());
                then.read(disk.name(), 0, content);
                assertThat(Files.readAllBytes(medium().resolve(disk.name() + ".raw")))
                        .isEqualTo(content.array());
            }
        }
        assertThat(CarriedCopy.allocated(medium().resolve("data.raw"))).isLessThan(DISK);
    }

    @Test
    void onlyWhatChangedSinceCrosses() throws Exception {
        export(OptionalLong.empty(), new Watch());
        TwoSites.write(sites.source, TwoSites.ROOT, 5 * MIB, 8192, random);
        bring(sites.replicaDisks);
        sites.connect();
        assertIdentical();
        SeedStatus seed = sites.replicator.status().seed();
        assertThat(seed.byDifference()).isTrue();
        assertThat(seed.sentBytes()).isEqualTo(8192);
        assertThat(sites.replicator.status().wanBytes()).isLessThan(64 << 10);
    }

    @Test
    void aCopyTakesThePlaceOfOneThatIsUnderWay() throws Exception {
        sites.replicator.paceSeeding(OptionalLong.of(2 * MIB), false);
        sites.connect();
        while (sites.replicator.status().seed().doneBytes() < MIB) {
            Thread.sleep(1);
        }
        export(OptionalLong.empty(), new Watch());
        bring(sites.replicaDisks);
        assertThat(sites.replica.status().consistent()).isFalse();
        sites.followingEnded();
        sites.shippingEnded();
        sites.restartReplica();
        sites.replicator.paceSeeding(OptionalLong.empty(), false);
        long before = sites.replicator.status().wanBytes();
        sites.connect();
        assertIdentical();
        assertThat(sites.replicator.status().wanBytes() - before).isLessThan(64 << 10);
    }

    @Test
    void whatIsCompleteIsNotReplaced() throws Exception {
        sites.connect();
        assertIdentical();
        export(OptionalLong.empty(), new Watch());
        assertThatThrownBy(() -> bring(sites.replicaDisks)).hasMessageContaining("is complete");
        TwoSites.write(sites.source, TwoSites.ROOT, 0, 4096, random);
        assertIdentical();
        try (var files = Files.list(directory.resolve("west"))) {
            assertThat(files.map(Path::toString)).noneMatch(file -> file.endsWith(".godwit-import"));
        }
    }

    @Test
    void aDamagedCopyChangesNothing() throws Exception {
        export(OptionalLong.empty(), new Watch());
        byte[] damaged = Files.readAllBytes(medium().resolve("root.raw"));
        damaged[7 * MIB]++;
        Files.write(medium().resolve("root.raw"), damaged);
        assertThatThrownBy(() -> bring(sites.replicaDisks)).hasMessageContaining("root.raw is damaged");
        try (var files = Files.list(directory.resolve("west"))) {
            assertThat(files).isEmpty();
        }
        sites.connect();
        assertIdentical();
        assertThat(sites.replicator.status().seed().byDifference()).isFalse();
    }

    @Test
    void disksOfOtherSizesAreRefused() throws Exception {
        export(OptionalLong.empty(), new Watch());
        DiskSpec larger = new DiskSpec(TwoSites.ROOT, ByteCount.ofMiB(28), directory.resolve("west/root.raw"));
        assertThatThrownBy(() -> bring(List.of(larger, sites.replicaDisks.getLast())))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("the copy has disks");
    }

    @Test
    void anExportThatIsGivenUpLeavesNothing() throws Exception {
        for (long after : new long[] {0, 3 * MIB, 20 * MIB + 1}) {
            Watch watch = new Watch();
            watch.endAfter = after;
            assertThatThrownBy(() -> export(OptionalLong.empty(), watch)).hasMessageContaining("enough");
            assertThat(medium()).isEmptyDirectory();
            assertThat(directory.resolve("exporting")).doesNotExist();
        }
        export(OptionalLong.empty(), new Watch());
    }

    /** More is written than the source's log holds: its reader is given up, the guest goes on. */
    @Test
    void guestsGoBeforeAnExport() throws Exception {
        CopyWatch slow = new CopyWatch() {
            private boolean written;

            @Override
            public void begin(Step step, long bytes) {}

            @Override
            public void done(long bytes) {
                try {
                    for (int i = 0; i < 50 && !written; i++) {
                        TwoSites.write(sites.source, TwoSites.DATA, 0, MIB, random);
                    }
                    written = true;
                    sites.source.awaitDurable(sites.source.head());
                } catch (IOException | InterruptedException failed) {
                    throw new IllegalStateException(failed);
                }
            }
        };
        assertThatThrownBy(() -> export(OptionalLong.empty(), slow)).hasMessageContaining("write faster than the copy");
        assertThat(medium()).isEmptyDirectory();
        assertThat(sites.source.role()).isEqualTo(Role.PRIMARY);
    }
}
