package io.godwit.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.replication.verify.LogRepair;
import io.godwit.replication.verify.VerifyDesk;
import io.godwit.volume.GroupStore;
import io.godwit.volume.HistoryWindow;
import io.godwit.volume.LogDamage;
import io.godwit.volume.LogEnd;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk changes bits below the log of one site, in what was durable there; the other site still has it. */
@Timeout(180)
class DamagedLogTest {
    private static final HistoryWindow KEPT = new HistoryWindow(ByteCount.ofMiB(16), Duration.ofHours(1));
    private static final int CHANGES = 300;
    private static final int SEGMENT_HEADER_BYTES = 4096;

    @TempDir
    Path directory = Path.of("");

    private final Random random = new Random(5);
    private TwoSites sites;

    @BeforeEach
    void start() throws Exception {
        sites = new TwoSites(directory, ByteCount.ofMiB(16));
        sites.history = KEPT;
        sites.restartReplica();
        sites.source.history().keep(KEPT);
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        for (int i = 0; i < CHANGES; i++) {
            TwoSites.change(sites.source, random);
        }
        assertThat(sites.caughtUp()).isTrue();
        sites.disconnect();
    }

    @AfterEach
    void stop() throws Exception {
        sites.close();
    }

    private void flip(String site, long position) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(site).resolve("store/log"))) {
            Path segment = files.filter(file -> file.toString().endsWith(".log"))
                    .filter(file -> start(file) <= position)
                    .max(Path::compareTo)
                    .orElseThrow();
            try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
                long at = SEGMENT_HEADER_BYTES + position - start(segment);
                file.seek(at);
                int was = file.read();
                file.seek(at);
                file.write(was ^ 4);
            }
        }
    }

    private static long start(Path segment) {
        return Long.parseLong(String.valueOf(segment.getFileName()).replace(".log", ""));
    }

    private long middle(GroupStore store) {
        return (store.applied().value() + store.head().value()) / 2;
    }

    private LogRepair.Outcome repair(LogDamage damage) throws Exception {
        List<SocketChannel> ends = SocketChannel.pair();
        GroupStore copy = sites.replica.store().orElseThrow();
        Future<Boolean> desk = sites.start(() -> {
            VerifyDesk.serve(ends.getLast(), copy);
            return true;
        });
        try {
            return LogRepair.run(directory.resolve("east/store"), damage, ends.getFirst());
        } finally {
            ends.getFirst().close();
            assertThat(desk.get(20, TimeUnit.SECONDS)).isTrue();
            ends.getLast().close();
        }
    }

    private LogDamage damageSource() throws Exception {
        long at = middle(sites.source);
        sites.replicator.close();
        sites.source.close();
        flip("east", at);
        assertThatThrownBy(() -> GroupStore.open(directory.resolve("east/store"), TwoSites.STORE))
                .isInstanceOfSatisfying(
                        GodwitException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT));
        return LogDamage.find(directory.resolve("east/store")).orElseThrow();
    }

    private void assertBothTheSame() throws Exception {
        sites.connect();
        assertThat(sites.caughtUp())
                .as(() -> "caught up: " + sites.replicator.status())
                .isTrue();
        assertThat(sites.replica.status().consistent()).isTrue();
        Position end = sites.source.head();
        assertThat(TwoSites.digests(sites.replica.store().orElseThrow(), end))
                .isEqualTo(TwoSites.digests(sites.source, end));
    }

    @Test
    void theOwnersLogIsRepairedFromTheReplica() throws Exception {
        Position head = sites.source.head();
        LogRepair.Outcome outcome = repair(damageSource());
        assertThat(outcome.records()).isEqualTo(1);
        sites.restartSource();
        assertThat(sites.source.head()).isEqualTo(head);
        TwoSites.change(sites.source, random);
        assertBothTheSame();
    }

    @Test
    void whatTheReplicaNoLongerHasIsNotGuessed() throws Exception {
        LogDamage damage = damageSource();
        LogDamage older =
                new LogDamage(new LogEnd(damage.at().position(), damage.at().chain() + 1), damage.promised());
        assertThatThrownBy(() -> repair(older))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("another history");
        GroupStore copy = sites.replica.store().orElseThrow();
        copy.history().keep(HistoryWindow.NONE);
        copy.awaitImages(copy.head());
        for (int wait = 0; wait < 1_000 && damage.at().position().reaches(copy.tail()); wait++) {
            Thread.sleep(10);
        }
        assertThatThrownBy(() -> repair(damage))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("is not in it");
        assertThat(LogDamage.find(directory.resolve("east/store"))).contains(damage);
    }

    @Test
    void aReplicaWhoseLogIsDamagedIsBroughtBackByDifference() throws Exception {
        GroupStore copy = sites.replica.store().orElseThrow();
        long at = middle(copy);
        sites.replica.close();
        copy.close();
        flip("west", at);
        sites.replica = sites.openReplica();
        assertThat(sites.replica.status().consistent()).isFalse();
        TwoSites.change(sites.source, random);
        assertBothTheSame();
    }
}
