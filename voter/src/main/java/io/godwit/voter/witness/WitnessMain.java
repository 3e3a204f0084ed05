package io.godwit.voter.witness;

import io.godwit.core.cli.Sentences;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The witness' command line. */
@Command(
        name = "witness",
        mixinStandardHelpOptions = true,
        description =
                "A witness: the third voter, which lets two sites decide who goes on. docs/witness.md has the steps.",
        subcommands = {
            WitnessInit.class,
            WitnessRun.class,
            WitnessOpen.class,
            WitnessJoin.class,
            WitnessForget.class,
            WitnessStatus.class
        },
        synopsisSubcommandLabel = "COMMAND")
public final class WitnessMain {
    private WitnessMain() {}

    public static void main(String[] args) {
        System.exit(Sentences.on(new CommandLine(new Words()).addSubcommand("witness", new WitnessMain()))
                .execute(args));
    }

    @Command(name = "godwit", description = "Moves running services from one data centre to another.")
    private static final class Words {}
}
