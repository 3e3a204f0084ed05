package io.godwit.lab.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SendTimesTest {
    private static final int PROBES = 10_000;

    @Test
    void probesAreCountedByWhenTheyWereSent() {
        SendTimes times = new SendTimes();
        for (int number = 0; number < PROBES; number++) {
            times.add(number, 1_000 + 5L * number);
        }
        assertThat(times.epochMillis(9_999)).isEqualTo(50_995);
        assertThat(times.sentBefore(0)).isZero();
        assertThat(times.sentBefore(1_000)).isZero();
        assertThat(times.sentBefore(1_006)).isEqualTo(2);
        assertThat(times.sentBefore(Long.MAX_VALUE)).isEqualTo(PROBES);
    }
}
