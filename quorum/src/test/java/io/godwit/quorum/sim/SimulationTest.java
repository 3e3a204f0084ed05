package io.godwit.quorum.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code -Dgodwit.sim.seeds=100000} plays as many worlds as one likes. */
class SimulationTest {
    private static final int STORMS = Integer.getInteger("godwit.sim.seeds", 1_500);
    private static final int MILD = 50;

    /** Near here lies a world that notices the one broken rule which is noticed seldom. */
    private static final long LIKELY = 4_201;

    private static final int ENOUGH_TO_NOTICE = 8_000;

    @Test
    void whateverGoesWrongOneSiteWritesAndInTheEndOneServes() {
        long first = RandomGenerator.getDefault().nextInt(Integer.MAX_VALUE);
        Set<Long> terms = new TreeSet<>();
        for (long seed = first; seed < first + STORMS; seed++) {
            Run.Outcome outcome = new Run(seed, Weather.STORM, Mutation.NONE).play(Run.SILENT);
            assertThat(outcome.broken()).as("seed %d", seed).isEmpty();
            terms.add(outcome.term().value());
        }
        assertThat(terms).as("storms move groups").contains(1L, 2L, 3L);
    }

    @ParameterizedTest
    @EnumSource(value = Weather.class, mode = EnumSource.Mode.EXCLUDE, names = "STORM")
    void aLinkOrAWitnessThatIsAwayMovesNothing(Weather weather) {
        long first = RandomGenerator.getDefault().nextInt(Integer.MAX_VALUE);
        for (long seed = first; seed < first + MILD; seed++) {
            assertThat(new Run(seed, weather, Mutation.NONE).play(Run.SILENT).broken())
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Mutation.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aRuleThatIsBrokenOnPurposeIsNoticed(Mutation mutation) {
        Optional<String> noticed = LongStream.range(LIKELY, LIKELY + ENOUGH_TO_NOTICE)
                .mapToObj(seed ->
                        new Run(seed, Weather.STORM, mutation).play(Run.SILENT).broken())
                .flatMap(Optional::stream)
                .findFirst();
        assertThat(noticed).isPresent();
    }

    @Test
    void theSameSeedIsTheSameWorld() {
        assertThat(trace(7)).hasSizeGreaterThan(100).isEqualTo(trace(7)).isNotEqualTo(trace(8));
    }

    @Test
    void theCommandPrintsTheSeedAndTheTraceOfAWorldThatFailed() {
        StringWriter said = new StringWriter();
        int code = SimMain.commandLine()
                .setOut(new PrintWriter(said))
                .execute("--seeds", "200", "--seed", "1", "--break", "parts_before_stopping");
        assertThat(code).isEqualTo(1);
        assertThat(said.toString()).contains("BROKEN", "plays it again", "--break PARTS_BEFORE_STOPPING");
    }

    @Test
    void theCommandRefusesNonsense() {
        StringWriter said = new StringWriter();
        assertThat(SimMain.commandLine().setErr(new PrintWriter(said)).execute("--seeds", "0"))
                .isEqualTo(2);
        assertThat(said.toString()).contains("--seeds takes");
    }

    private static List<String> trace(long seed) {
        List<String> lines = new ArrayList<>();
        new Run(seed, Weather.STORM, Mutation.NONE).play(lines::add);
        return lines;
    }
}
