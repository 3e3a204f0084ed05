package io.godwit.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import io.godwit.replication.ReplicationPolicy.AtBound;
import io.godwit.replication.ReplicationPolicy.WhenCut;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The modes over real stores and sockets, changed while a guest writes. */
@Timeout(120)
class ModesTest {
    private final Random random = new Random(11);

    @TempDir
    Path directory = Path.of("");

    private TwoSites sites;

    @BeforeEach
    void start() throws Exception {
        sites = new TwoSites(directory, ByteCount.ofMiB(8));
    }

    @AfterEach
    void stop() throws Exception {
        sites.close();
    }

    private void connect() throws Exception {
        sites.connect();
        assertThat(sites.seeded()).isTrue();
    }

    private ModeStatus status() {
        return sites.replicator.status().mode();
    }

    private static ReplicationPolicy policy(Mode mode, AtBound atBound, WhenCut whenCut) {
        return new ReplicationPolicy(
                mode, ByteCount.ofMiB(1), Duration.ofSeconds(30), atBound, whenCut, Duration.ofSeconds(5));
    }

    @Test
    void everyModeIsReachedFromEveryOtherWhileAGuestWrites() throws Exception {
        connect();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong written = new AtomicLong();
        Future<Boolean> guest = sites.start(() -> {
            Random own = new Random(3);
            while (!stop.get()) {
                sites.replicator.admit(4096);
                Position position = TwoSites.change(sites.source, own);
                if (sites.replicator.everyWrite() || own.nextInt(8) == 0) {
                    sites.replicator.awaitSafe(position);
                }
                written.incrementAndGet();
            }
            return true;
        });
        for (Mode from : Mode.values()) {
            for (Mode to : Mode.values()) {
                assertThat(sites.become(from, TwoSites.PATIENCE).done()).isTrue();
                long before = written.get();
                ModeChange change = sites.become(to, TwoSites.PATIENCE);
                assertThat(change.done())
                        .as("%s to %s: %s", from, to, change.reason())
                        .isTrue();
                assertThat(change.from()).isEqualTo(from);
                assertThat(sites.mode()).isEqualTo(to);
                while (written.get() == before) {
                    Thread.sleep(1);
                }
            }
        }
        assertThat(status().lastChange()).isPresent();
        stop.set(true);
        assertThat(guest.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(sites.caughtUp()).isTrue();
    }

    @Test
    void inStrictEveryWriteWaitsAndInSyncOnlyFlushesDo() throws Exception {
        connect();
        assertThat(sites.replicator.everyWrite()).isFalse();
        assertThat(sites.become(Mode.SYNC, TwoSites.PATIENCE).done()).isTrue();
        assertThat(sites.replicator.everyWrite()).isFalse();
        assertThat(sites.become(Mode.STRICT, TwoSites.PATIENCE).done()).isTrue();
        assertThat(sites.replicator.everyWrite()).isTrue();
        Position position = TwoSites.write(sites.source, TwoSites.ROOT, 0, 4096, random);
        sites.replicator.awaitSafe(position);
        assertThat(sites.replica.store().orElseThrow().durable().reaches(position))
                .isTrue();
    }

    @Test
    void aDrainIsForecastBeforeItBegins() throws Exception {
        connect();
        sites.disconnect();
        TwoSites.write(sites.source, TwoSites.ROOT, 0, 1 << 20, random);
        sites.connect();
        while (!sites.replicator.status().connected()) {
            Thread.sleep(1);
        }
        ModeChange.Forecast[] told = new ModeChange.Forecast[1];
        ModeChange change = sites.replicator.become(
                TwoSites.POLICY.with(Mode.SYNC), TwoSites.PATIENCE, forecast -> told[0] = forecast);
        assertThat(change.done()).isTrue();
        assertThat(change.forecast()).isEqualTo(told[0]);
        assertThat(change.took()).isPositive();
    }

    @Test
    void aMoveHoldsAnyModeSynchronousAndGivesItBack() throws Exception {
        connect();
        for (Mode mode : Mode.values()) {
            assertThat(sites.become(mode, TwoSites.PATIENCE).done()).isTrue();
            assertThat(sites.replicator.hold(TwoSites.PATIENCE).done()).isTrue();
            assertThat(status().waiting()).isEqualTo(mode == Mode.STRICT ? Waiting.WRITES : Waiting.FLUSHES);
            assertThat(sites.mode()).isEqualTo(mode);
            sites.replicator.release();
            assertThat(status().waiting()).isEqualTo(TwoSites.POLICY.with(mode).waiting());
        }
    }

    @Test
    void aModeThatIsChangedWhileAMoveHoldsTheGroupIsInForceAfterwards() throws Exception {
        connect();
        assertThat(sites.replicator.hold(TwoSites.PATIENCE).done()).isTrue();
        assertThat(sites.become(Mode.STRICT, TwoSites.PATIENCE).done()).isTrue();
        assertThat(status().waiting()).isEqualTo(Waiting.WRITES);
        assertThat(sites.become(Mode.ASYNC, TwoSites.PATIENCE).done()).isTrue();
        assertThat(status().waiting()).isEqualTo(Waiting.FLUSHES);
        sites.replicator.release();
        assertThat(status().waiting()).isEqualTo(Waiting.NOTHING);
    }

    @Test
    void writersThatAreNotSlowedRaiseAnAlarm() throws Exception {
        sites.replicator.become(policy(Mode.ASYNC, AtBound.ALARM, WhenCut.STALL), Duration.ZERO, forecast -> {});
        connect();
        sites.disconnect();
        for (int i = 0; i < 3; i++) {
            sites.replicator.admit(1 << 20);
            TwoSites.write(sites.source, TwoSites.ROOT, (long) i << 20, 1 << 20, random);
        }
        awaitAlarm(Alarm.Kind.LAG_BYTES, true);
        ModeStatus behind = status();
        assertThat(behind.rpo()).isPositive();
        assertThat(behind.worstRpo()).isGreaterThanOrEqualTo(behind.rpo());
        connect();
        assertThat(sites.caughtUp()).isTrue();
        awaitAlarm(Alarm.Kind.LAG_BYTES, false);
    }

    @Test
    void howFarAReplicaWasBehindWhileItWasAwaySaysNothingOfHowItLags() throws Exception {
        connect();
        sites.disconnect();
        TwoSites.write(sites.source, TwoSites.ROOT, 0, 4096, random);
        while (status().worstRpo().toMillis() < 4_000) {
            Thread.sleep(10);
        }
        connect();
        assertThat(sites.caughtUp()).isTrue();
        ModeStatus back = status();
        assertThat(back.worstRpo()).isGreaterThan(Duration.ofSeconds(3));
        assertThat(back.worstInReach()).isLessThan(Duration.ofSeconds(3));
    }

    private void awaitAlarm(Alarm.Kind kind, boolean raised) throws InterruptedException {
        while (status().alarms().stream().anyMatch(alarm -> alarm.kind() == kind) != raised) {
            Thread.sleep(10);
        }
    }

    @Test
    void syncStallsWhenTheLinkIsCutAndSaysSo() throws Exception {
        connect();
        assertThat(sites.become(Mode.SYNC, TwoSites.PATIENCE).done()).isTrue();
        sites.disconnect();
        Future<Boolean> flush = flush();
        awaitAlarm(Alarm.Kind.WRITERS_STALLED, true);
        assertThat(flush.isDone()).isFalse();
        assertThat(sites.become(Mode.ASYNC, Duration.ZERO).done()).isTrue();
        assertThat(flush.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aDegradingGroupGoesOnWithAnAlarmAndIsSynchronousAgainWhenTheReplicaHasCaughtUp() throws Exception {
        connect();
        ModeChange change = sites.replicator.become(
                policy(Mode.SYNC, AtBound.SLOW, WhenCut.DEGRADE), TwoSites.PATIENCE, forecast -> {});
        assertThat(change.done()).isTrue();
        sites.disconnect();
        assertThat(flush().get(30, TimeUnit.SECONDS)).isTrue();
        awaitAlarm(Alarm.Kind.DEGRADED, true);
        connect();
        awaitAlarm(Alarm.Kind.DEGRADED, false);
        assertThat(status().waiting()).isEqualTo(Waiting.FLUSHES);
    }

    private Future<Boolean> flush() throws Exception {
        Position position = TwoSites.write(sites.source, TwoSites.ROOT, 0, 4096, random);
        return sites.start(() -> {
            sites.replicator.awaitSafe(position);
            return true;
        });
    }

    @Test
    void aSiteThatBeginsToServeKeepsTheModesPromiseFromTheFirstFlushOn() throws Exception {
        connect();
        sites.disconnect();
        sites.replicator.close();
        sites.replicator =
                new Replicator(TwoSites.SHOP, sites.source, TwoSites.POLICY.with(Mode.SYNC), TwoSites.LIMITS);
        Future<Boolean> flush = flush();
        Thread.sleep(200);
        assertThat(flush.isDone()).isFalse();
        sites.connect();
        assertThat(flush.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void adaptiveMakesFlushesWaitOnlyForAnObjectiveThatCannotBeKeptOtherwise() throws Exception {
        connect();
        ReplicationPolicy tight = new ReplicationPolicy(
                Mode.ADAPTIVE,
                ByteCount.ofMiB(16),
                Duration.ofSeconds(10),
                AtBound.SLOW,
                WhenCut.STALL,
                Duration.ofMillis(1));
        assertThat(sites.replicator.become(tight, Duration.ZERO, forecast -> {}).done())
                .isTrue();
        while (status().waiting() != Waiting.FLUSHES) {
            Thread.sleep(10);
        }
        assertThat(sites.become(Mode.ASYNC, Duration.ZERO).done()).isTrue();
        assertThat(status().waiting()).isEqualTo(Waiting.NOTHING);
    }
}
