package io.godwit.quorum.sim;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.cli.Sentences;
import io.godwit.core.json.Json;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit sim}: runs the decisions about who may write against everything that can go wrong. */
@Command(
        name = "sim",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the rules of who may write in worlds where messages are lost, late, doubled and reordered, daemons are killed and",
            "paused, clocks drift and jump, links break and disks fail, each from a seed. Ends with 1 and the trace of the first world",
            "in which an invariant didn't hold. With --seed alone it plays that one world and prints what happened in it."
        })
public final class SimMain implements Callable<Integer> {
    private static final int MAX_SEEDS = 100_000_000;
    private static final int USUAL_SEEDS = 1_000;
    private static final int KEPT_LINES = 80;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "How many worlds, 1 to 100000000 (1000; with --break, so many that it is noticed).")
    private @Nullable Long seeds;

    @Option(names = "--seed", paramLabel = "S", description = "The first seed; one at random, if left out.")
    private @Nullable Long first;

    @Option(
            names = "--weather",
            defaultValue = "STORM",
            description =
                    "What goes wrong: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}). In all but STORM the group must stay where it is.")
    private Weather weather = Weather.STORM;

    @Option(
            names = "--break",
            paramLabel = "RULE",
            defaultValue = "NONE",
            description = "Break a rule on purpose, to see that it is noticed: ${COMPLETION-CANDIDATES}.")
    private Mutation mutation = Mutation.NONE;

    @Option(names = "--json", description = "Say what came out as one line of JSON.")
    private boolean json;

    private SimMain() {}

    /** What a program may want to know. */
    record Report(long firstSeed, int worlds, Optional<Long> failingSeed, Optional<String> broken) {}

    public static void main(String[] args) {
        System.exit(Sentences.on(new CommandLine(new Words()).addSubcommand("sim", new SimMain()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Command(name = "godwit", description = "Moves running services from one data centre to another.")
    private static final class Words {}

    static CommandLine commandLine() {
        return Sentences.on(new CommandLine(new SimMain())).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        boolean one = first != null && seeds == null;
        int worlds = seeds == null ? (one ? 1 : enough()) : checked(seeds);
        long from = first == null ? RandomGenerator.getDefault().nextInt(Integer.MAX_VALUE) : first;
        Report report = one && !json ? playAloud(from, out) : play(from, worlds, out);
        out.println(json ? Json.line(report) : words(report));
        out.flush();
        return report.broken.isEmpty() ? 0 : 1;
    }

    private int enough() {
        return mutation == Mutation.NONE ? USUAL_SEEDS : mutation.worldsToNotice();
    }

    private static int checked(long seeds) {
        if (seeds < 1 || seeds > MAX_SEEDS) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "--seeds takes 1 to %d worlds, not %d".formatted(MAX_SEEDS, seeds));
        }
        return Math.toIntExact(seeds);
    }

    private Report playAloud(long seed, PrintWriter out) {
        Run.Outcome outcome = new Run(seed, weather, mutation).play(out::println);
        return new Report(seed, 1, outcome.broken().map(what -> seed), outcome.broken());
    }

    private Report play(long from, int worlds, PrintWriter out) {
        for (long seed = from; seed < from + worlds; seed++) {
            Optional<String> broken =
                    new Run(seed, weather, mutation).play(Run.SILENT).broken();
            if (broken.isPresent()) {
                if (!json) {
                    printEnd(seed, out);
                }
                return new Report(from, (int) (seed - from + 1), Optional.of(seed), broken);
            }
        }
        return new Report(from, worlds, Optional.empty(), Optional.empty());
    }

    /** Plays a failing world again, which goes the same way, for the last lines of its trace. */
    private void printEnd(long seed, PrintWriter out) {
        Deque<String> lines = new ArrayDeque<>();
        new Run(seed, weather, mutation).play(line -> {
            lines.addLast(line);
            if (lines.size() > KEPT_LINES) {
                lines.removeFirst();
            }
        });
        lines.forEach(out::println);
    }

    private String words(Report report) {
        return report.failingSeed
                .map(seed -> "seed %d: %s; `godwit sim --seed %d%s%s` plays it again"
                        .formatted(
                                seed,
                                report.broken.orElse(""),
                                seed,
                                option("weather", weather, Weather.STORM),
                                option("break", mutation, Mutation.NONE)))
                .orElseGet(() -> held(report));
    }

    private String held(Report report) {
        String worlds = report.worlds == 1
                ? "1 world, seed %d: every invariant held".formatted(report.firstSeed)
                : "%d worlds, seeds %d to %d: every invariant held"
                        .formatted(report.worlds, report.firstSeed, report.firstSeed + report.worlds - 1);
        return mutation == Mutation.NONE
                ? worlds
                : "%s. That %s is broken was NOT noticed: it takes up to %d worlds"
                        .formatted(worlds, mutation, mutation.worldsToNotice());
    }

    private static String option(String name, Enum<?> value, Enum<?> usual) {
        return value == usual ? "" : " --%s %s".formatted(name, value);
    }
}
