package io.godwit.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import io.godwit.volume.GroupStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever breaks, and whenever: in the end the replica is the source's history, and says so only when it is. */
@Timeout(180)
class SeedingTest {
    private static final ByteCount DISK = ByteCount.ofMiB(24);
    private static final int BREAKS = 14;

    @TempDir
    Path directory = Path.of("");

    private TwoSites sites;

    @BeforeEach
    void start() throws Exception {
        sites = new TwoSites(directory, DISK);
    }

    @AfterEach
    void stop() throws Exception {
        sites.close();
    }

    @Test
    void breaksAndRestartsAtRandomMomentsWhileGuestsWrite() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seeding seed " + seed);
        Random random = new Random(seed);
        fill(random);
        for (int i = 0; i < BREAKS; i++) {
            AtomicBoolean enough = new AtomicBoolean();
            Future<Integer> guest = guest(random.nextLong(), enough);
            sites.connect();
            Thread.sleep(random.nextInt(250));
            sites.disconnect();
            enough.set(true);
            assertThat(guest.get(60, TimeUnit.SECONDS)).as("seed %d", seed).isNotNegative();
            disturb(random);
        }
        AtomicBoolean enough = new AtomicBoolean();
        Future<Integer> guest = guest(random.nextLong(), enough);
        sites.connect();
        assertThat(sites.seeded()).as("seed %d", seed).isTrue();
        enough.set(true);
        guest.get(60, TimeUnit.SECONDS);
        assertIdentical(seed);
    }

    private void fill(Random random) throws Exception {
        for (int i = 0; i < 18; i++) {
            TwoSites.write(sites.source, TwoSites.ROOT, i << 20, 1 << 20, random);
        }
        sites.source.awaitDurable(sites.source.head());
    }

    /** Writes until told otherwise, as admitted; returns how often. */
    private Future<Integer> guest(long seed, AtomicBoolean enough) {
        GroupStore store = sites.source;
        Replicator rule = sites.replicator;
        return sites.start(() -> {
            Random random = new Random(seed);
            int changes = 0;
            while (!enough.get()) {
                rule.admit(1 << 16);
                TwoSites.change(store, random);
                changes++;
                Thread.sleep(2);
            }
            return changes;
        });
    }

    private void disturb(Random random) throws Exception {
        switch (random.nextInt(4)) {
            case 0 -> sites.restartReplica();
            case 1 -> sites.restartSource();
            case 2 -> TwoSites.change(sites.source, random);
            default -> {}
        }
    }

    private void assertIdentical(long seed) throws Exception {
        assertThat(sites.caughtUp()).as("seed %d", seed).isTrue();
        Position end = sites.source.head();
        GroupStore copy = sites.replica.store().orElseThrow();
        assertThat(sites.replica.status().consistent()).isTrue();
        assertThat(copy.end()).as("seed %d", seed).isEqualTo(sites.source.end());
        assertThat(TwoSites.digests(copy, end)).as("seed %d", seed).isEqualTo(TwoSites.digests(sites.source, end));
    }

    @Test
    void goesOnAtTheCursorAfterARestart() throws Exception {
        fill(new Random(3));
        sites.connect();
        while (sites.replicator.status().seed().doneBytes() < 4 << 20) {
            Thread.sleep(1);
        }
        sites.restartReplica();
        boolean finished = sites.replica.status().consistent();
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        assertIdentical(3);
        assertThat(finished || sites.replicator.status().seed().doneBytes() == 18 << 20)
                .isTrue();
    }

    @Test
    void whatWasOnTheDisksOfAWorthlessReplicaIsGone() throws Exception {
        byte[] old = new byte[(int) DISK.bytes()];
        new Random(5).nextBytes(old);
        Files.write(Path.of(sites.replicaDisks.getFirst().base().toString()), old);
        TwoSites.write(sites.source, TwoSites.ROOT, 1 << 20, 100_000, new Random(6));
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        assertIdentical(6);
    }
}
