package io.godwit.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.volume.GroupStore;
import io.godwit.volume.HistoryWindow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ReplicationTest {
    private static final ByteCount DISK = ByteCount.ofMiB(8);

    @TempDir
    Path directory = Path.of("");

    private final Random random = new Random(7);
    private TwoSites sites;

    @BeforeEach
    void start() throws Exception {
        sites = new TwoSites(directory, DISK);
    }

    @AfterEach
    void stop() throws Exception {
        sites.close();
    }

    private void assertIdentical() throws Exception {
        assertThat(sites.caughtUp()).isTrue();
        Position end = sites.source.head();
        GroupStore copy = sites.replica.store().orElseThrow();
        assertThat(copy.head()).isEqualTo(end);
        assertThat(TwoSites.digests(copy, end)).isEqualTo(TwoSites.digests(sites.source, end));
    }

    @Test
    void whatWasThereBeforeAndWhatIsWrittenAfterwardsReachesTheReplica() throws Exception {
        for (int i = 0; i < 20; i++) {
            TwoSites.change(sites.source, random);
        }
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        TwoSites.write(sites.source, TwoSites.DATA, 4096, 5000, random);
        assertIdentical();
        assertThat(sites.replica.status().consistent()).isTrue();
        ReplicationStatus status = sites.replicator.status();
        assertThat(status.connected()).isTrue();
        assertThat(status.seeding()).isFalse();
        assertThat(status.lagBytes()).isEqualTo(ByteCount.ZERO);
        assertThat(status.seed().doneBytes()).isPositive().isLessThan(2 * DISK.bytes());
        assertThat(status.wanBytes()).isPositive();
    }

    @Test
    void aReplicaIsNotConsistentBeforeItIsComplete() throws Exception {
        assertThat(sites.replica.status().consistent()).isFalse();
        assertThat(sites.replica.store()).isEmpty();
        assertThat(sites.replicator.awaitSeeded(Duration.ofMillis(10))).isFalse();
        assertThat(sites.become(Mode.SYNC, Duration.ofSeconds(1)).done()).isFalse();
    }

    @Test
    void emptyDisksCostNothing() throws Exception {
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        assertThat(sites.replicator.status().seed().doneBytes()).isZero();
        assertIdentical();
    }

    @Test
    void resumesWhereTheReplicaIsAfterABreakAndRestarts() throws Exception {
        TwoSites.write(sites.source, TwoSites.ROOT, 0, 100_000, random);
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        sites.disconnect();
        TwoSites.write(sites.source, TwoSites.ROOT, 50_000, 100_000, random);
        assertThat(sites.replicator.status().connected()).isFalse();
        sites.connect();
        assertIdentical();
        TwoSites.write(sites.source, TwoSites.ROOT, 60_000, 100_000, random);
        sites.restartReplica();
        assertThat(sites.replica.status().consistent()).isTrue();
        sites.restartSource();
        assertThat(sites.replicator.status().lagBytes()).isLessThan(ByteCount.ofMiB(1));
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        assertIdentical();
        assertThat(sites.replicator.status().seed().doneBytes()).isZero();
    }

    @Test
    void inSyncAFlushWaitsForTheReplica() throws Exception {
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        ModeChange change = sites.become(Mode.SYNC, TwoSites.PATIENCE);
        assertThat(change.done()).isTrue();
        assertThat(change.to()).isEqualTo(Mode.SYNC);

        Position safe = TwoSites.write(sites.source, TwoSites.ROOT, 0, 4096, random);
        sites.replicator.awaitSafe(safe);
        assertThat(sites.replica.store().orElseThrow().durable().reaches(safe)).isTrue();

        sites.disconnect();
        Position unsafe = TwoSites.write(sites.source, TwoSites.ROOT, 0, 4096, random);
        Future<Boolean> flush = flush(unsafe);
        Thread.sleep(300);
        assertThat(flush.isDone()).isFalse();
        sites.connect();
        assertThat(flush.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(sites.replica.store().orElseThrow().durable().reaches(unsafe))
                .isTrue();
        assertThat(sites.mode()).isEqualTo(Mode.SYNC);
    }

    @Test
    void goingBackToAsyncReleasesWhoWaits() throws Exception {
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        assertThat(sites.become(Mode.SYNC, TwoSites.PATIENCE).done()).isTrue();
        sites.disconnect();
        Position position = TwoSites.write(sites.source, TwoSites.ROOT, 0, 4096, random);
        Future<Boolean> flush = flush(position);
        assertThat(sites.replicator.awaitRemoteDurable(position, Duration.ofMillis(50)))
                .isFalse();
        assertThat(flush.isDone()).isFalse();
        assertThat(sites.become(Mode.ASYNC, Duration.ZERO).done()).isTrue();
        assertThat(flush.get(20, TimeUnit.SECONDS)).isTrue();
    }

    private Future<Boolean> flush(Position position) {
        return sites.start(() -> {
            sites.replicator.awaitSafe(position);
            return true;
        });
    }

    @Test
    void syncIsRefusedInWordsWithoutAReplica() throws Exception {
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        sites.disconnect();
        ModeChange change = sites.become(Mode.SYNC, TwoSites.PATIENCE);
        assertThat(change.done()).isFalse();
        assertThat(sites.mode()).isEqualTo(Mode.ASYNC);
        assertThat(change.reason()).contains("not connected");
    }

    @Test
    void anOldTermIsRefusedOnBothSides() throws Exception {
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        assertThat(sites.caughtUp()).isTrue();
        sites.disconnect();
        sites.replica.store().orElseThrow().promote(sites.source.term().next());
        sites.connect();
        Exception source = sites.shippingEnded().orElseThrow();
        assertThat(source).hasMessageContaining("term 1 is over: term 2 has begun");
        assertThat(((GodwitException) source).code()).isEqualTo(ErrorCode.FENCED);
        assertThat(sites.followingEnded().orElseThrow()).hasMessageContaining("term 1 is over");
        assertThat(sites.replicator.status().trouble())
                .hasValueSatisfying(why -> assertThat(why).contains("term 1 is over"));
    }

    @Test
    void rolesAreExchangedWithoutCopyingAnythingAgain() throws Exception {
        TwoSites.write(sites.source, TwoSites.ROOT, 0, 200_000, random);
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        assertThat(sites.caughtUp()).isTrue();
        sites.source.fence();
        sites.disconnect();
        sites.replicator.close();
        sites.replica.close();
        GroupStore west = sites.replica.store().orElseThrow();
        west.promote(west.term().next());
        TwoSites.write(west, TwoSites.DATA, 8192, 100_000, random);

        Replicator back = new Replicator(TwoSites.SHOP, west, TwoSites.POLICY, TwoSites.LIMITS);
        Replica home = new Replica(TwoSites.SHOP, sites.source, TwoSites.LIMITS, HistoryWindow.NONE);
        var ends = SocketChannel.pair();
        Future<Optional<Exception>> shipping = sites.start(() -> ended(() -> back.run(ends.getFirst())));
        Future<Optional<Exception>> following = sites.start(() -> ended(() -> home.run(ends.getLast())));
        assertThat(back.awaitRemoteDurable(west.head(), TwoSites.PATIENCE)).isTrue();
        assertThat(back.status().seed().doneBytes()).isZero();
        assertThat(sites.source.term()).isEqualTo(west.term());
        assertThat(TwoSites.digests(sites.source, west.head())).isEqualTo(TwoSites.digests(west, west.head()));
        back.close();
        assertThat(shipping.get(20, TimeUnit.SECONDS)).isEmpty();
        assertThat(following.get(20, TimeUnit.SECONDS).orElseThrow()).hasMessage("the other side closed the channel");
        home.close();
    }

    private interface Session {
        void run() throws Exception;
    }

    private static Optional<Exception> ended(Session session) {
        try {
            session.run();
            return Optional.empty();
        } catch (Exception failure) {
            return Optional.of(failure);
        }
    }

    @Test
    void anotherHistoryUnderTheSameTermIsNotWrittenOver() throws Exception {
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        sites.restartReplica();
        GroupStore stray = sites.replica.store().orElseThrow();
        sites.source.promote(sites.source.term().next());
        stray.promote(stray.term().next());
        TwoSites.write(stray, TwoSites.ROOT, 0, 4096, random);
        stray.fence();
        sites.connect();
        assertThat(sites.shippingEnded().orElseThrow()).hasMessageContaining("another history");
        assertThat(sites.followingEnded().orElseThrow()).hasMessageContaining("another history");
        assertThat(sites.replica.status().consistent()).isTrue();
    }

    @Test
    void anotherHistoryUnderAnOlderTermIsCopiedAnew() throws Exception {
        TwoSites.write(sites.source, TwoSites.ROOT, 0, 300_000, random);
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        assertThat(sites.caughtUp()).isTrue();
        sites.restartReplica();
        GroupStore stray = sites.replica.store().orElseThrow();
        stray.promote(stray.term().next());
        TwoSites.write(stray, TwoSites.ROOT, 1 << 20, 300_000, random);
        sites.source.promote(stray.term().next());
        TwoSites.write(sites.source, TwoSites.DATA, 0, 300_000, random);
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        assertIdentical();
        assertThat(sites.replicator.status().seed().doneBytes()).isPositive();
    }

    @Test
    void aReplicaThatFellTooFarBehindIsCopiedAnew() throws Exception {
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        sites.disconnect();
        for (int i = 0; i < 48; i++) {
            TwoSites.write(sites.source, TwoSites.ROOT, (i % 7) << 20, 1 << 20, random);
        }
        assertThat(sites.source.log().overrun(Replicator.FOLLOWER)).isTrue();
        sites.connect();
        assertThat(sites.replicator.awaitRemoteDurable(sites.source.head(), TwoSites.PATIENCE))
                .isTrue();
        assertIdentical();
        assertThat(sites.replicator.status().seed().doneBytes()).isPositive();
    }

    @Test
    void aSourceThatFallsSilentIsNoticedAndANewChannelTakesOver() throws Exception {
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        sites.disconnect();
        var dead = SocketChannel.pair();
        Future<Optional<Exception>> following = sites.start(() -> ended(() -> sites.replica.run(dead.getLast())));
        assertThat(following.get(20, TimeUnit.SECONDS).orElseThrow()).hasMessageContaining("nothing was heard");
        var stuck = SocketChannel.pair();
        Future<Optional<Exception>> old = sites.start(() -> ended(() -> sites.replica.run(stuck.getLast())));
        while (!sites.replica.status().connected()) {
            Thread.sleep(1);
        }
        sites.connect();
        assertThat(old.get(20, TimeUnit.SECONDS)).isPresent();
        TwoSites.write(sites.source, TwoSites.ROOT, 0, 4096, random);
        assertIdentical();
        dead.getFirst().close();
        stuck.getFirst().close();
    }

    @Test
    void aReplicaThatFallsSilentIsNoticed() throws Exception {
        var ends = SocketChannel.pair();
        Future<Optional<Exception>> shipping = sites.start(() -> ended(() -> sites.replicator.run(ends.getFirst())));
        assertThat(shipping.get(20, TimeUnit.SECONDS).orElseThrow())
                .hasMessageContaining("nothing was heard from the replica");
        ends.getLast().close();
    }

    @Test
    void writersAreSlowedWhileTheReplicaLags() throws Exception {
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        for (int i = 0; i < 40; i++) {
            sites.replicator.admit(1 << 20);
            TwoSites.write(sites.source, TwoSites.ROOT, (i % 7) << 20, 1 << 20, random);
            assertThat(sites.replicator.status().lagBytes()).isLessThanOrEqualTo(ByteCount.ofMiB(18));
        }
        assertThat(sites.source.log().overrun(Replicator.FOLLOWER)).isFalse();
        sites.disconnect();
        sites.replicator.admit(1 << 20);
        sites.connect();
        assertIdentical();
    }
}
