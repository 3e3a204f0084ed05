package io.godwit.bench;

import io.godwit.bench.nbd.NbdBenchCommand;
import io.godwit.bench.replication.ReplicationBenchCommand;
import io.godwit.bench.scale.ScaleBenchCommand;
import io.godwit.core.cli.Sentences;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs {@code godwit bench …}. Exit codes: 0 measured, 1 a program failed, 2 refused with one clear sentence and nothing changed. */
public final class BenchMain {
    private BenchMain() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return Sentences.on(new CommandLine(new Words()));
    }

    @Command(
            name = "godwit",
            description = "Moves running services from one data centre to another.",
            subcommands = Bench.class)
    private static final class Words {}

    @Command(
            name = "bench",
            mixinStandardHelpOptions = true,
            description = "Measures Godwit next to its peers, in one run on the same work.",
            subcommands = {NbdBenchCommand.class, ScaleBenchCommand.class, ReplicationBenchCommand.class},
            synopsisSubcommandLabel = "BENCHMARK")
    private static final class Bench {}
}
