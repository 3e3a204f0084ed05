package io.godwit.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
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

/** A replica's past begins where its copy is complete, and never before. */
@Timeout(120)
class ReplicaHistoryTest {
    private static final HistoryWindow WINDOW = new HistoryWindow(ByteCount.ofMiB(16), Duration.ofHours(1));

    @TempDir
    Path directory = Path.of("");

    private TwoSites sites;

    @BeforeEach
    void start() throws Exception {
        sites = new TwoSites(directory, ByteCount.ofMiB(8));
        sites.replica.keepHistory(WINDOW);
        sites.history = WINDOW;
    }

    @AfterEach
    void stop() throws Exception {
        sites.close();
    }

    @Test
    void itBeginsAtTheEndOfSeedingAndIsStillThereAfterARestart() throws Exception {
        Random random = new Random(5);
        for (int i = 0; i < 6; i++) {
            TwoSites.write(sites.source, TwoSites.ROOT, i << 20, 1 << 20, random);
        }
        Position copied = sites.source.head();
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        byte[] then = new byte[1 << 20];
        sites.source.disk(TwoSites.ROOT).read(0, ByteBuffer.wrap(then));
        Position point = TwoSites.write(sites.source, TwoSites.DATA, 0, 4096, random);
        TwoSites.write(sites.source, TwoSites.ROOT, 0, 1 << 20, random);
        assertThat(sites.caughtUp()).isTrue();
        assertPast(sites.replica.store().orElseThrow(), copied, point, then);
        sites.restartReplica();
        assertPast(sites.replica.store().orElseThrow(), copied, point, then);
    }

    private static void assertPast(GroupStore replica, Position copied, Position point, byte[] then) throws Exception {
        assertThat(replica.history().oldest()).isGreaterThanOrEqualTo(copied).isLessThanOrEqualTo(point);
        byte[] found = new byte[then.length];
        try (PointView view = replica.history().open(point)) {
            view.read(TwoSites.ROOT, 0, ByteBuffer.wrap(found));
        }
        assertThat(found).isEqualTo(then);
    }
}
