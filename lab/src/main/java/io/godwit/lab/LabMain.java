package io.godwit.lab;

import io.godwit.core.cli.Sentences;
import io.godwit.lab.chaos.ChaosCommand;
import io.godwit.lab.demo.DemoCommand;
import io.godwit.lab.overhead.OverheadCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs {@code godwit lab …} and {@code godwit demo …}. Exit codes: 0 done, 1 failed, 2 refused with one clear sentence and nothing changed. */
public final class LabMain {
    private LabMain() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    public static CommandLine commandLine() {
        CommandLine demo = new CommandLine(new DemoCommand())
                .addSubcommand(new ChaosCommand())
                .addSubcommand(new OverheadCommand());
        return Sentences.on(
                new CommandLine(new Words()).addSubcommand(new LabCommand()).addSubcommand(demo));
    }

    @Command(name = "godwit", description = "Moves running services from one data centre to another.")
    private static final class Words {}
}
