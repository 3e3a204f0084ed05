package io.godwit.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.replication.AdaptiveRule.Decision;
import io.godwit.replication.AdaptiveRule.Measured;
import io.godwit.replication.ModeChange.Forecast;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the modes decide from what was measured: nothing here waits or asks a clock. */
class ModeRulesTest {
    private static final Duration TRIP = Duration.ofMillis(40);
    private static final long LINK = 12_500_000;
    private static final AdaptiveRule RULE = new AdaptiveRule(Duration.ofSeconds(2));
    private static final GroupName SHOP = new GroupName("shop");

    private static Measured measured(long lagBytes, long ageMillis) {
        return new Measured(TRIP, LINK, new ByteCount(lagBytes), Duration.ofMillis(ageMillis));
    }

    @Test
    void aGuestThatWritesLessThanTheLinkCarriesNeverWaits() {
        assertThat(RULE.decide(measured(LINK / 2, 600), Waiting.NOTHING))
                .isEqualTo(new Decision(Waiting.NOTHING, Pacer.UNLIMITED));
    }

    @Test
    void writersAreTakenTheSlowerTheNearerTheObjectiveComes() {
        long half = RULE.decide(measured(LINK, 0), Waiting.NOTHING).bytesPerSecond();
        long threeQuarters = RULE.decide(measured(0, 1500), Waiting.NOTHING).bytesPerSecond();
        long missed = RULE.decide(measured(10 * LINK, 0), Waiting.NOTHING).bytesPerSecond();
        assertThat(half).isBetween(LINK * 18 / 10, LINK * 2);
        assertThat(threeQuarters).isEqualTo(LINK);
        assertThat(missed).isEqualTo(LINK / 10);
    }

    @Test
    void anObjectiveThatTheWayCannotKeepMakesFlushesWaitAndOnlyAClearlyBetterWayEndsIt() {
        AdaptiveRule tight = new AdaptiveRule(Duration.ofMillis(50));
        assertThat(tight.decide(measured(0, 0), Waiting.NOTHING).waiting()).isEqualTo(Waiting.FLUSHES);
        AdaptiveRule near = new AdaptiveRule(Duration.ofMillis(70));
        assertThat(near.decide(measured(0, 0), Waiting.NOTHING).waiting()).isEqualTo(Waiting.NOTHING);
        assertThat(near.decide(measured(0, 0), Waiting.FLUSHES).waiting()).isEqualTo(Waiting.FLUSHES);
    }

    /** A guest that would write at four times the link's rate, looked at ten times a second as the product does. */
    @Test
    void aGuestFasterThanTheLinkIsHeldWithinItsObjective() {
        double backlog = 0;
        long allowed = Pacer.UNLIMITED;
        double oldest = 0;
        for (int tenth = 0; tenth < 600; tenth++) {
            backlog += Math.min(4.0 * LINK, (double) allowed) / 10;
            backlog = Math.max(0, backlog - LINK / 10.0);
            oldest = backlog / LINK + 0.04;
            allowed = RULE.decide(measured((long) backlog, (long) (oldest * 1000)), Waiting.NOTHING)
                    .bytesPerSecond();
            assertThat(oldest).isLessThan(2);
        }
        assertThat(oldest).isBetween(1.3, 1.7);
    }

    @Test
    void aDrainIsForecastFromWhatIsPendingAndWhatIsWrittenMeanwhile() {
        assertThat(Forecast.of(ByteCount.ZERO, LINK, LINK, TRIP).drain()).isZero();
        assertThat(Forecast.of(new ByteCount(LINK), LINK, 0, TRIP).drain()).isEqualTo(Duration.ofMillis(1040));
        assertThat(Forecast.of(new ByteCount(LINK), LINK, LINK / 2, TRIP).drain())
                .isEqualTo(Duration.ofMillis(2040));
        assertThat(Forecast.of(new ByteCount(LINK), LINK, 9 * LINK, TRIP).drain())
                .isBetween(Duration.ofMillis(5000), Duration.ofMillis(5100));
    }

    @Test
    void onlyABusyLinkIsMeasured() {
        DeliveryRate rate = new DeliveryRate();
        assertThat(rate.measured()).isZero();
        assertThat(rate.perSecond()).isEqualTo(DeliveryRate.ASSUMED);
        long milli = 1_000_000;
        rate.acknowledged(new Position(0), true, 0);
        rate.acknowledged(new Position(1_000_000), false, 100 * milli);
        assertThat(rate.measured()).isEqualTo(10_000_000);
        rate.acknowledged(new Position(1_000_100), true, 60_000 * milli);
        assertThat(rate.measured()).isEqualTo(10_000_000);
        rate.acknowledged(new Position(5_000_100), true, 60_200 * milli);
        assertThat(rate.measured()).isEqualTo(15_000_000);
    }

    @Test
    void whatIsOnItsWayForLongerThanTheWayTakesStandsInAQueue() {
        DeliveryRate rate = new DeliveryRate();
        assertThat(rate.queues(new Position(1L << 40), TRIP)).isFalse();
        rate.acknowledged(new Position(0), true, 0);
        rate.acknowledged(new Position(1_000_000), true, 100_000_000);
        long inTime = 1_000_000 + 10_000_000 * (200 + TRIP.toMillis()) / 1000;
        assertThat(rate.queues(new Position(inTime), TRIP)).isFalse();
        assertThat(rate.queues(new Position(inTime + 10), TRIP)).isTrue();
        rate.reset();
        assertThat(rate.queues(new Position(inTime + 10), TRIP)).isFalse();
    }

    @Test
    void aPacedWriterWaitsAsLongAsWhatWasTakenBeforeItLasts() {
        Pacer pacer = new Pacer();
        assertThat(pacer.reserve(1 << 30, 0)).isZero();
        pacer.rate(1_000_000);
        assertThat(pacer.reserve(100_000, 0)).isZero();
        assertThat(pacer.reserve(100_000, 0)).isEqualTo(100_000_000);
        assertThat(pacer.reserve(1 << 30, 0)).isEqualTo(200_000_000);
        assertThat(pacer.reserve(1, 0)).isEqualTo(250_000_000);
    }

    @Test
    void alarmsSayWhatIsWrongAndStayUntilABoundIsClearlyKept() {
        ReplicationPolicy sync = ReplicationPolicy.DEFAULT.with(Mode.SYNC);
        AlarmRule.View cut = new AlarmRule.View(
                SHOP, sync, Waiting.FLUSHES, false, false, ByteCount.ZERO, Duration.ZERO, Duration.ZERO);
        assertThat(AlarmRule.alarms(cut, Set.of())).singleElement().satisfies(alarm -> {
            assertThat(alarm.kind()).isEqualTo(Alarm.Kind.WRITERS_STALLED);
            assertThat(alarm.sentence()).contains("flushes wait", "group mode shop async");
        });
        assertThat(AlarmRule.alarms(behind(ByteCount.ofMiB(60)), Set.of())).isEmpty();
        assertThat(AlarmRule.alarms(behind(ByteCount.ofMiB(65)), Set.of()))
                .extracting(Alarm::kind)
                .containsExactly(Alarm.Kind.LAG_BYTES);
        assertThat(AlarmRule.alarms(behind(ByteCount.ofMiB(60)), Set.of(Alarm.Kind.LAG_BYTES)))
                .hasSize(1);
        assertThat(AlarmRule.alarms(behind(ByteCount.ofMiB(50)), Set.of(Alarm.Kind.LAG_BYTES)))
                .isEmpty();
    }

    private static AlarmRule.View behind(ByteCount lag) {
        return new AlarmRule.View(
                SHOP, ReplicationPolicy.DEFAULT, Waiting.NOTHING, true, false, lag, Duration.ZERO, Duration.ZERO);
    }
}
