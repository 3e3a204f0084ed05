package io.godwit.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.GodwitException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final List<Disturbance> ALL = List.of(Disturbance.values());

    @Test
    void theSameSeedDrawsTheSame() {
        assertThat(Schedule.draw(7, ALL, 50)).isEqualTo(Schedule.draw(7, ALL, 50));
        assertThat(Schedule.draw(7, ALL, 50)).isNotEqualTo(Schedule.draw(8, ALL, 50));
    }

    @Test
    void eachFaultStrikesOnceBeforeAnyDoesSoAgain() {
        List<Disturbance> drawn = Schedule.draw(3, ALL, 2 * ALL.size() + 1).entries().stream()
                .map(Schedule.Entry::disturbance)
                .toList();
        assertThat(drawn.subList(0, ALL.size())).containsExactlyInAnyOrderElementsOf(ALL);
        assertThat(drawn.subList(ALL.size(), 2 * ALL.size())).containsExactlyInAnyOrderElementsOf(ALL);
        assertThat(drawn).hasSize(2 * ALL.size() + 1);
    }

    @Test
    void aFaultLastsAsLongAsIsSaidOfIt() {
        assertThat(Schedule.draw(5, ALL, 500).entries())
                .allSatisfy(entry -> assertThat(entry.lasting())
                        .isBetween(
                                entry.disturbance().least(), entry.disturbance().most()));
    }

    @Test
    void lossesStrikeAtMomentsThatFollowFromTheSeedAndEndWhenTheServiceIsBack() {
        List<Schedule.Entry> losses = Schedule.losses(5, 100).entries();
        assertThat(losses).hasSize(100).isEqualTo(Schedule.losses(5, 100).entries());
        assertThat(losses).allSatisfy(loss -> {
            assertThat(loss.disturbance()).isEqualTo(Disturbance.OWNER_POWER);
            assertThat(loss.untilServed()).isTrue();
            assertThat(loss.after()).isBetween(Duration.ZERO, Duration.ofSeconds(3));
        });
        assertThat(losses.stream().map(Schedule.Entry::after).distinct()).hasSizeGreaterThan(90);
    }

    @Test
    void eachProcessOfATakeoverIsLostInTurn() {
        List<Schedule.Entry> losses = Schedule.lossesAndFurther(5, 8).entries();
        assertThat(losses).isEqualTo(Schedule.lossesAndFurther(5, 8).entries());
        assertThat(losses.stream().map(loss -> loss.further().orElseThrow().disturbance()))
                .containsExactly(
                        Disturbance.OWNER_DAEMON_KILLED,
                        Disturbance.MACHINE_KILLED,
                        Disturbance.OWNER_EDGE_KILLED,
                        Disturbance.WITNESS_KILLED,
                        Disturbance.OWNER_DAEMON_KILLED,
                        Disturbance.MACHINE_KILLED,
                        Disturbance.OWNER_EDGE_KILLED,
                        Disturbance.WITNESS_KILLED);
        assertThat(losses).allSatisfy(loss -> {
            assertThat(loss.disturbance()).isEqualTo(Disturbance.OWNER_POWER);
            assertThat(loss.further().orElseThrow().after()).isBetween(Duration.ZERO, Duration.ofSeconds(8));
            assertThat(loss.lasting()).isEqualTo(loss.expectation().longestGap());
        });
    }

    @Test
    void whoHasTwoFaultsToOvercomeMayTakeLonger() {
        Schedule.Entry one = Schedule.losses(5, 1).entries().getFirst();
        Schedule.Entry two = Schedule.lossesAndFurther(5, 1).entries().getFirst();
        assertThat(two.expectation())
                .isInstanceOf(Expectation.TakenOver.class)
                .extracting(Expectation::longestGap)
                .satisfies(longest ->
                        assertThat(longest).isGreaterThan(one.expectation().longestGap()));
    }

    @Test
    void everyFaultIsKnownByItsWord() {
        assertThat(Arrays.stream(Disturbance.values()).map(one -> Disturbance.parse(one.word())))
                .containsExactly(Disturbance.values());
        assertThatThrownBy(() -> Disturbance.parse("earthquake"))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("'earthquake' is not a fault: there are wan-down, ");
    }
}
