package io.godwit.lab.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GapMeterTest {
    private static final long MILLI = 1_000_000;

    private final GapMeter meter = new GapMeter(5 * MILLI, 1_000);

    @Test
    void theLongestTimeBetweenTwoEventsIsKeptWithItsMoment() {
        at(10, 11, 40, 41);
        assertThat(meter.longestMillis()).isEqualTo(29);
        assertThat(meter.longest().getFirst()).isEqualTo(new Gap(1_006, 29));
        assertThat(meter.longest()).extracting(Gap::millis).containsExactly(29.0, 1.0, 1.0);
    }

    @Test
    void beforeTheFirstEventThereIsNoGap() {
        assertThat(meter.current(99 * MILLI)).isZero();
        at(100);
        assertThat(meter.longestMillis()).isZero();
        assertThat(meter.current(103 * MILLI)).isEqualTo(3);
    }

    @Test
    void onlyTheLongestGapsAreRemembered() {
        long time = 0;
        for (int length = 1; length <= 100; length++) {
            at(time += length);
        }
        assertThat(meter.longest()).hasSize(32);
        assertThat(meter.longest().getFirst().millis()).isEqualTo(100);
        assertThat(meter.longest().getLast().millis()).isEqualTo(69);
    }

    private void at(long... millis) {
        for (long time : millis) {
            meter.event(time * MILLI);
        }
    }
}
