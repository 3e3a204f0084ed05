package io.godwit.bench;

import io.godwit.bench.nbd.NbdBenchCommand;
import io.godwit.core.GodwitException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** Runs {@code godwit bench …}. Exit codes: 0 measured, 1 a program failed, 2 refused with one clear sentence and nothing changed. */
public final class BenchMain {
    private static final int FAILED = 1;
    private static final int REFUSED = 2;

    private BenchMain() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Words())
                .setParameterExceptionHandler(BenchMain::explainWords)
                .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, command));
    }

    private static int explain(Exception failure, CommandLine command) throws Exception {
        if (!(failure instanceof GodwitException known)) {
            throw failure;
        }
        command.getErr().println("godwit: " + known.sentence());
        return known.code().refused() ? REFUSED : FAILED;
    }

    private static int explainWords(ParameterException wrong, String[] words) {
        CommandLine command = wrong.getCommandLine();
        command.getErr()
                .println("godwit: %s (`%s --help` explains)"
                        .formatted(wrong.getMessage(), command.getCommandSpec().qualifiedName()));
        return REFUSED;
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
            subcommands = NbdBenchCommand.class,
            synopsisSubcommandLabel = "BENCHMARK")
    private static final class Bench {}
}
