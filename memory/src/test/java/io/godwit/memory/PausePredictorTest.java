package io.godwit.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PausePredictorTest {
    private static final Duration ROUND_TRIP = Duration.ofMillis(40);

    private final PausePredictor predictor = new PausePredictor(ROUND_TRIP, 2);

    @Test
    void bytesGrowWithTheTimeTheGuestHasHadToWriteThem() {
        predictor.learn(round(12_500_000, 1040, 5000));
        PausePrediction prediction = predictor.predict(round(1_000_000, 120, 1000), Duration.ofMillis(100));
        assertThat(prediction.wireBytes()).isEqualTo(100_000);
        assertThat(prediction.send()).isEqualTo(Duration.ofMillis(8 + 20));
        assertThat(prediction.scan()).isEqualTo(Duration.ofMillis(15));
        assertThat(prediction.total()).isEqualTo(Duration.ofMillis(43));
    }

    @Test
    void aShortRoundTellsNothingAboutTheLink() {
        predictor.learn(round(12_500_000, 1040, 5000));
        predictor.learn(round(1000, 41, 100));
        assertThat(predictor.bytesPerSecond()).isEqualTo(12_500_000);
    }

    @Test
    void withoutARateTheLinkIsTakenForFreeButForItsDelay() {
        PausePrediction prediction = predictor.predict(round(1000, 41, 100), Duration.ofMillis(100));
        assertThat(prediction.send()).isEqualTo(Duration.ofMillis(20));
    }

    private static RoundReport round(long wireBytes, long totalMillis, long changingMillis) {
        return new RoundReport(
                2,
                1,
                0,
                wireBytes,
                Duration.ofMillis(30),
                Duration.ofMillis(totalMillis),
                Duration.ofMillis(changingMillis));
    }
}
