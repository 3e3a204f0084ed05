package io.godwit.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class FailoverSimulationTest {
    private static final int RUNS = 20_000;

    @Test
    void whatIsDecidedIsServedHoweverOftenTheDaemonDies() {
        long first = RandomGenerator.getDefault().nextLong();
        Map<String, Integer> ends = new HashMap<>();
        for (long seed = first; seed < first + RUNS; seed++) {
            SimulatedFailover failover = new SimulatedFailover(seed);
            try {
                failover.play();
            } catch (AssertionError broken) {
                throw new AssertionError("seed " + seed, broken);
            }
            ends.merge(failover.end().word(), 1, Integer::sum);
        }
        assertThat(ends).containsOnlyKeys("completed", "given-up", "replaced");
        assertThat(ends.values()).allMatch(count -> count > RUNS / 100);
    }
}
