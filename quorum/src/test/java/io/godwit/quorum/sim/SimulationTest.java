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

/**
 * Worlds that are always the same, so that a change is refused for what it broke; {@code -Dgodwit.sim.seeds=100000} plays as many others as one
 * likes, and so does {@code ./godwit sim}.
 */
class SimulationTest {
    private static final int STORMS = 1_500;
    private static final int OTHERS = Integer.getInteger("godwit.sim.seeds", 0);
    private static final int MILD = 50;

    /** Worlds in which something was found. */
    private static final long[] FOUND = {873_831_262L, 51_012L, 2_019_127L, 341_537L, 624_860_443L};

    private static final int ENOUGH_TO_NOTICE = 8_000;

    /** Near there lies a world that notices; for what is noticed seldom there is another place. */
    private static final long USUALLY_NOTICED = 1_000_000;

    private static final long SELDOM_NOTICED = 4_000_200;

    @Test
    void whateverGoesWrongOneSiteWritesAndInTheEndOneServes() {
        Set<Long> terms = new TreeSet<>();
        LongStream.range(0, STORMS).forEach(seed -> terms.add(holds(seed, Weather.STORM)));
        assertThat(terms).as("storms move groups").contains(1L, 2L, 3L);
        if (OTHERS > 0) {
            long first = anySeed();
            LongStream.range(first, first + OTHERS).forEach(seed -> holds(seed, Weather.STORM));
        }
    }

    @Test
    void whatWasFoundOnceStaysAway() {
        LongStream.of(FOUND).forEach(seed -> holds(seed, Weather.STORM));
    }

    @ParameterizedTest
    @EnumSource(value = Weather.class, mode = EnumSource.Mode.EXCLUDE, names = "STORM")
    void aLinkOrAWitnessThatIsAwayMovesNothing(Weather weather) {
        LongStream.range(0, MILD).forEach(seed -> holds(seed, weather));
    }

    @ParameterizedTest
    @EnumSource(value = Mutation.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aRuleThatIsBrokenOnPurposeIsNoticed(Mutation mutation) {
        long first = mutation == Mutation.SESSIONS_IGNORED ? SELDOM_NOTICED : USUALLY_NOTICED;
        Optional<String> noticed = LongStream.range(first, first + ENOUGH_TO_NOTICE)
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
    void theCommandSaysThatABreakWasNotNoticedAndWhatThatTakes() {
        StringWriter said = new StringWriter();
        int code = SimMain.commandLine()
                .setOut(new PrintWriter(said))
                .execute("--seeds", "1", "--seed", "7", "--break", "no_clock_margin");
        assertThat(code).isZero();
        assertThat(said.toString())
                .contains("1 world, seed 7: every invariant held. That NO_CLOCK_MARGIN is broken was NOT noticed")
                .contains("up to 5000 worlds");
    }

    @Test
    void theCommandRefusesNonsense() {
        for (String seeds : List.of("0", "99999999999", "-1")) {
            assertThat(refusal(seeds)).contains("--seeds takes 1 to 100000000 worlds, not " + seeds);
        }
        assertThat(refusal("many")).contains("'many' is not a whole number");
        assertThat(refusal("99999999999999999999")).contains("is out of bounds");
    }

    private static String refusal(String seeds) {
        StringWriter said = new StringWriter();
        assertThat(SimMain.commandLine().setErr(new PrintWriter(said)).execute("--seeds", seeds))
                .isEqualTo(2);
        return said.toString();
    }

    private static long anySeed() {
        long first = RandomGenerator.getDefault().nextInt(Integer.MAX_VALUE);
        System.out.println(OTHERS + " other worlds, from seed " + first + " on");
        return first;
    }

    /** The group's term in the end. */
    private static long holds(long seed, Weather weather) {
        Run.Outcome outcome = new Run(seed, weather, Mutation.NONE).play(Run.SILENT);
        assertThat(outcome.broken())
                .as("./godwit sim --seed %d --weather %s plays it again", seed, weather)
                .isEmpty();
        return outcome.term().value();
    }

    private static List<String> trace(long seed) {
        List<String> lines = new ArrayList<>();
        new Run(seed, Weather.STORM, Mutation.NONE).play(lines::add);
        return lines;
    }
}
