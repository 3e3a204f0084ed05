package io.godwit.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TakeoversTest {
    private static ChaosReport.Round round(Optional<Long> detection, Optional<Long> served, long lostWrites) {
        return new ChaosReport.Round(
                1,
                "owner-power",
                Optional.empty(),
                "",
                "east",
                "west",
                2,
                0,
                Optional.of(0L),
                0,
                0,
                detection,
                served,
                lostWrites,
                List.of(),
                Optional.empty());
    }

    @Test
    void theirTimesAreSummedUp() {
        assertThat(ChaosReport.Takeovers.of(List.of(
                        round(Optional.of(9_000L), Optional.of(20_000L), 1),
                        round(Optional.of(7_000L), Optional.of(30_000L), 0),
                        round(Optional.of(8_000L), Optional.of(10_000L), 2))))
                .contains(new ChaosReport.Takeovers(
                        3,
                        new ChaosReport.Spread(7_000, 8_000, 9_000),
                        new ChaosReport.Spread(10_000, 20_000, 30_000),
                        3));
    }

    @Test
    void aRoundInWhichTheServiceStayedIsNone() {
        assertThat(ChaosReport.Takeovers.of(List.of(round(Optional.empty(), Optional.empty(), 0))))
                .isEmpty();
    }
}
