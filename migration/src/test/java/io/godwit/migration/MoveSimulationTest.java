package io.godwit.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class MoveSimulationTest {
    private static final int RUNS = 50_000;

    @Test
    void neverBothAndInTheEndExactlyOne() {
        long first = RandomGenerator.getDefault().nextLong();
        Map<Phase, Integer> outcomes = new EnumMap<>(Phase.class);
        for (long seed = first; seed < first + RUNS; seed++) {
            SimulatedMove move = new SimulatedMove(seed);
            try {
                move.play();
            } catch (AssertionError broken) {
                throw new AssertionError("seed " + seed, broken);
            }
            outcomes.merge(move.outcome().phase(), 1, Integer::sum);
        }
        assertThat(outcomes.getOrDefault(Phase.COMPLETED, 0)).isGreaterThan(RUNS / 50);
        assertThat(outcomes.getOrDefault(Phase.ABORTED, 0)).isGreaterThan(RUNS / 50);
    }
}
