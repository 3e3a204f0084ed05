package io.godwit.cli;

import io.godwit.core.cli.Sentences;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Moves running services between data centres: the commands for people and scripts. */
@Command(
        name = "godwit",
        mixinStandardHelpOptions = true,
        version = "godwit 0.1.0",
        description = "Moves running services from one data centre to another without stopping them.",
        subcommands = {
            StatusCommand.class,
            GroupCommand.class,
            MigrateCommand.class,
            DrainCommand.class,
            FailoverCommand.class,
            PointsCommand.class,
            MarkCommand.class,
            CheckpointCommand.class,
            EssentialCommand.class,
            VerifyCommand.class,
            PairCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Also: `godwit demo` shows it all on one machine, `godwit lab` runs two data centres here,",
            "`godwit site` is the daemon, `godwit test` runs the tests. Each has its own --help.",
            "",
            "Exit codes: 0 done; 1 it was tried and did not succeed; 2 refused, and nothing was changed."
        })
public final class CliMain {
    private CliMain() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return Sentences.on(new CommandLine(new CliMain()));
    }
}
