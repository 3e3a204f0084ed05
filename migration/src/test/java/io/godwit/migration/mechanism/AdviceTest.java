package io.godwit.migration.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.migration.mechanism.GroupFacts.CheckpointCost;
import io.godwit.migration.mechanism.Mechanism.Memory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdviceTest {
    private static final GroupFacts FACTS = new GroupFacts(
            Duration.ofMillis(3_500),
            false,
            Duration.ofSeconds(30),
            Duration.ofMillis(20),
            Optional.of(Duration.ofMillis(400)),
            256 << 20,
            10_000_000,
            Optional.of(new CheckpointCost(Duration.ofMillis(50), Duration.ofMillis(300))));

    private static GroupFacts facts(long lagMillis, long tookMillis) {
        return new GroupFacts(
                FACTS.fencing(),
                FACTS.personIfLossy(),
                FACTS.boot(),
                FACTS.roundTrip(),
                Optional.of(Duration.ofMillis(lagMillis)),
                FACTS.memoryBytes(),
                FACTS.deliveryBytesPerSecond(),
                Optional.of(new CheckpointCost(Duration.ofMillis(50), Duration.ofMillis(tookMillis))));
    }

    private static Advice advice(double rpoSeconds, double rtoSeconds, double overheadPercent) {
        return Advice.of(
                new Objective(
                        Duration.ofMillis(Math.round(rpoSeconds * 1000)),
                        Duration.ofMillis(Math.round(rtoSeconds * 1000)),
                        overheadPercent),
                FACTS);
    }

    @Test
    void whoCanWaitForABootAndLoseASecondPaysNothing() {
        assertThat(advice(1, 60, 0))
                .isEqualTo(new Advice(
                        new Mechanism(false, Memory.NONE, 0),
                        new Mechanism.Achieved(Duration.ofMillis(400), Duration.ofMillis(33_500), 0),
                        List.of()));
    }

    @Test
    void whoMayLoseNothingHasFlushesWait() {
        assertThat(advice(0, 60, 5).mechanism()).isEqualTo(new Mechanism(true, Memory.NONE, 0));
    }

    @Test
    void whoCannotWaitForABootHasCheckpointsAsRarelyAsTheRpoAllows() {
        Advice cold = advice(20, 7, 5);
        assertThat(cold.mechanism()).isEqualTo(new Mechanism(false, Memory.COLD, 19));
        assertThat(cold.missed()).isEmpty();
        assertThat(advice(20, 5, 5).mechanism()).isEqualTo(new Mechanism(false, Memory.WARM, 19));
    }

    @Test
    void whatCannotBeReachedIsSaidAndLosingNothingGoesBeforeBeingBackSoon() {
        Advice both = advice(0, 5, 5);
        assertThat(both.mechanism()).isEqualTo(new Mechanism(true, Memory.NONE, 0));
        assertThat(both.missed()).containsExactly("RTO: 33.5 s where 5.0 s are asked for");
    }

    @Test
    void beingBackSoonGoesBeforeTheOverhead() {
        Advice dear = advice(1.5, 5, 1);
        assertThat(dear.mechanism()).isEqualTo(new Mechanism(false, Memory.WARM, 1));
        assertThat(dear.missed()).containsExactly("overhead: 5.0 % where 1.0 % are asked for");
    }

    @Test
    void theChoiceFollowsTheFacts() {
        Objective objective = new Objective(Duration.ofSeconds(1), Duration.ofSeconds(60), 5);
        GroupFacts behind = facts(8_000, 300);
        assertThat(Advice.of(objective, FACTS).mechanism().sync()).isFalse();
        assertThat(Advice.of(objective, behind).mechanism()).isEqualTo(new Mechanism(true, Memory.NONE, 0));
    }

    @Test
    void aPeriodIsFoundWhereOneKeepsAllThatIsAskedFor() {
        Advice between = advice(4.5, 5, 1.5);
        assertThat(between.mechanism()).isEqualTo(new Mechanism(false, Memory.WARM, 4));
        assertThat(between.missed()).isEmpty();
    }

    @Test
    void checkpointsLoseNoLessThanTheReplicaLacks() {
        GroupFacts behind = facts(8_000, 300);
        assertThat(new Mechanism(false, Memory.WARM, 2).achieved(behind).rpo()).isEqualTo(Duration.ofSeconds(8));
        assertThat(new Mechanism(true, Memory.WARM, 2).achieved(behind).rpo()).isEqualTo(Duration.ofMillis(2_300));
    }

    @Test
    void whoMayLoseNothingHasFlushesWaitAlsoWhereNothingWasWrittenYet() {
        Objective nothing = new Objective(Duration.ZERO, Duration.ofSeconds(100), 5);
        assertThat(Advice.of(nothing, facts(0, 300)).mechanism().sync()).isTrue();
        assertThat(Advice.of(nothing, facts(1, 300)).mechanism().sync()).isTrue();
    }

    @Test
    void whatStillDoesStaysAsItIs() {
        Objective objective = new Objective(Duration.ofSeconds(20), Duration.ofSeconds(5), 5);
        Mechanism present = new Mechanism(false, Memory.WARM, 15);
        assertThat(Advice.instead(present, objective, facts(400, 300))).isEmpty();
        assertThat(Advice.instead(present, objective, facts(400, 4_900))).isEmpty();
    }

    @Test
    void whatDoesNotDoAnyMoreIsReplaced() {
        Objective objective = new Objective(Duration.ofSeconds(20), Duration.ofSeconds(5), 5);
        Mechanism present = new Mechanism(false, Memory.WARM, 15);
        assertThat(Advice.instead(present, objective, facts(400, 7_000))
                        .orElseThrow()
                        .mechanism())
                .isEqualTo(new Mechanism(false, Memory.WARM, 13));
        assertThat(Advice.instead(present, objective, facts(25_000, 300))
                        .orElseThrow()
                        .mechanism())
                .isEqualTo(new Mechanism(true, Memory.WARM, 19));
    }

    @Test
    void whatIsMuchDearerThanItNeedsToBeIsReplaced() {
        Objective objective = new Objective(Duration.ofSeconds(60), Duration.ofSeconds(5), 5);
        assertThat(Advice.instead(new Mechanism(false, Memory.WARM, 2), objective, FACTS)
                        .orElseThrow()
                        .mechanism())
                .isEqualTo(new Mechanism(false, Memory.WARM, 59));
    }

    @Test
    void whereFlushesWaitTheyGoOnTo() {
        Objective objective = new Objective(Duration.ofSeconds(5), Duration.ofSeconds(60), 5);
        assertThat(Advice.instead(new Mechanism(true, Memory.NONE, 0), objective, FACTS))
                .isEmpty();
    }

    @Test
    void whatNothingCanKeepIsLeftAlone() {
        Objective objective = new Objective(Duration.ZERO, Duration.ofSeconds(5), 5);
        assertThat(Advice.instead(new Mechanism(true, Memory.NONE, 0), objective, FACTS))
                .isEmpty();
    }

    @Test
    void whereOnlyACompleteReplicaIsTakenOverByItselfFlushesWaitForTheSakeOfTheRto() {
        GroupFacts noLoss = new GroupFacts(
                FACTS.fencing(),
                true,
                FACTS.boot(),
                FACTS.roundTrip(),
                FACTS.lag(),
                FACTS.memoryBytes(),
                FACTS.deliveryBytesPerSecond(),
                FACTS.checkpoint());
        Objective objective = new Objective(Duration.ofSeconds(20), Duration.ofSeconds(6), 5);
        Advice advice = Advice.of(objective, noLoss);
        assertThat(advice.mechanism()).isEqualTo(new Mechanism(true, Memory.WARM, 19));
        assertThat(advice.missed()).isEmpty();
        assertThat(Advice.on(new Mechanism(false, Memory.WARM, 19), objective, noLoss)
                        .missed())
                .containsExactly("RTO: 5.0 s after a person has decided where 6.0 s are asked for");
    }

    @Test
    void beforeTheFirstCheckpointItsCostIsEstimatedFromMemoryAndLink() {
        GroupFacts unknown = new GroupFacts(
                FACTS.fencing(),
                FACTS.personIfLossy(),
                FACTS.boot(),
                FACTS.roundTrip(),
                Optional.empty(),
                8L << 30,
                0,
                Optional.empty());
        CheckpointCost cost = unknown.cost();
        assertThat(cost.pause()).isGreaterThan(Duration.ofSeconds(1));
        assertThat(cost.took()).isGreaterThan(Duration.ofSeconds(20));
    }
}
