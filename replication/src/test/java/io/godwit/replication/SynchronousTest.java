package io.godwit.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged to a guest under SYNC is on the replica's stable storage, however the link ended. */
@Timeout(120)
class SynchronousTest {
    private static final int LINKS = 6;

    @TempDir
    Path directory = Path.of("");

    private TwoSites sites;

    @BeforeEach
    void start() throws Exception {
        sites = new TwoSites(directory, ByteCount.ofMiB(8));
        sites.connect();
        assertThat(sites.seeded()).isTrue();
    }

    @AfterEach
    void stop() throws Exception {
        sites.close();
    }

    @Test
    void nothingIsAcknowledgedThatTheReplicaDoesNotHold() throws Exception {
        long seed = System.nanoTime();
        System.out.println("synchronous seed " + seed);
        Random random = new Random(seed);
        AtomicReference<Position> acknowledged = new AtomicReference<>(Position.START);
        Future<Boolean> guest = guest(random.nextLong(), acknowledged);
        ModeChange change = sites.become(Mode.SYNC, TwoSites.PATIENCE);
        assertThat(change.done()).as(change.reason()).isTrue();
        Position atTheTurn = acknowledged.get();
        for (int i = 0; i < LINKS; i++) {
            Thread.sleep(random.nextInt(100));
            sites.disconnect();
            Position held = sites.replica.store().orElseThrow().durable();
            assertThat(held.reaches(acknowledged.get())).as("seed %d", seed).isTrue();
            sites.connect();
        }
        sites.become(Mode.ASYNC, Duration.ZERO);
        guest.cancel(true);
        assertThat(acknowledged.get()).isGreaterThan(atTheTurn);
    }

    /** Writes and flushes, one after the other, until interrupted. */
    private Future<Boolean> guest(long seed, AtomicReference<Position> acknowledged) {
        return sites.start(() -> {
            Random random = new Random(seed);
            while (!Thread.currentThread().isInterrupted()) {
                sites.replicator.admit(1 << 16);
                Position position = TwoSites.change(sites.source, random);
                sites.replicator.awaitSafe(position);
                acknowledged.set(position);
            }
            return true;
        });
    }

    @Test
    void aDrainThatTakesTooLongLeavesTheModeAsItWas() throws Exception {
        TwoSites.write(sites.source, TwoSites.ROOT, 0, 1 << 20, new Random(1));
        ModeChange change = sites.become(Mode.SYNC, Duration.ofNanos(1));
        if (!change.done()) {
            assertThat(change.reason()).contains("could not be drained in time");
            assertThat(sites.mode()).isEqualTo(Mode.ASYNC);
        }
        assertThat(sites.become(Mode.SYNC, TwoSites.PATIENCE).done()).isTrue();
        assertThat(sites.become(Mode.SYNC, TwoSites.PATIENCE).took()).isZero();
    }

    @Test
    void askingForAsyncCallsOffAChangeToSyncThatIsInProgress() throws Exception {
        RemoteCopy deaf = new RemoteCopy(sites.source);
        deaf.connected(sites.source.head(), true);
        TwoSites.write(sites.source, TwoSites.ROOT, 0, 1 << 20, new Random(1));
        ModeControl control =
                new ModeControl(sites.source, deaf, pending -> new ModeChange.Forecast(Duration.ZERO, pending));
        Future<ModeChange> change = sites.start(() -> become(control, Mode.SYNC));
        Thread.sleep(100);
        assertThat(become(control, Mode.ASYNC).done()).isTrue();
        assertThat(change.get(20, TimeUnit.SECONDS).done()).isFalse();
        assertThat(deaf.waiting()).isEqualTo(Waiting.NOTHING);
        Future<ModeChange> second = sites.start(() -> become(control, Mode.SYNC));
        Thread.sleep(100);
        deaf.disconnected(Optional.of("the cable was cut"));
        assertThat(second.get(20, TimeUnit.SECONDS).reason()).contains("not connected", "the cable was cut");
        deaf.connected(sites.source.head(), true);
        assertThat(become(control, Mode.SYNC).done()).isTrue();
    }

    @Test
    void theChangeThatWasAskedForLastIsInForceWhicheverIsCarriedOutLast() throws Exception {
        int earlier = sites.replicator.nextTurn();
        int later = sites.replicator.nextTurn();
        assertThat(become(later, Mode.SYNC).done()).isTrue();
        ModeChange overtaken = become(earlier, Mode.ASYNC);
        assertThat(overtaken.done()).isFalse();
        assertThat(overtaken.reason()).contains("called off");
        assertThat(sites.replicator.status().mode().waiting()).isEqualTo(Waiting.FLUSHES);
        assertThat(sites.mode()).isEqualTo(Mode.SYNC);
    }

    private ModeChange become(int turn, Mode mode) throws InterruptedException {
        return sites.replicator.become(turn, TwoSites.POLICY.with(mode), TwoSites.PATIENCE, forecast -> {});
    }

    private static ModeChange become(ModeControl control, Mode mode) throws InterruptedException {
        return control.become(control.nextTurn(), TwoSites.POLICY.with(mode), TwoSites.PATIENCE, forecast -> {});
    }

    @Test
    void aClosedReplicatorInterruptsWhoWaits() throws Exception {
        assertThat(sites.become(Mode.SYNC, TwoSites.PATIENCE).done()).isTrue();
        sites.disconnect();
        Position position = TwoSites.write(sites.source, TwoSites.ROOT, 0, 4096, new Random(1));
        Future<Exception> flush = sites.start(() -> {
            try {
                sites.replicator.awaitSafe(position);
                return new IllegalStateException("the flush was answered");
            } catch (InterruptedException interrupted) {
                return interrupted;
            }
        });
        sites.replicator.close();
        assertThat(flush.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }
}
