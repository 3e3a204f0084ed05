package io.godwit.lab;

import io.godwit.core.GodwitException;
import io.godwit.lab.demo.DemoCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** Runs {@code godwit lab …} and {@code godwit demo …}. Exit codes: 0 done, 1 failed, 2 refused with one clear sentence and nothing changed. */
public final class LabMain {
    private static final int FAILED = 1;
    private static final int REFUSED = 2;

    private LabMain() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    public static CommandLine commandLine() {
        return new CommandLine(new Words())
                .addSubcommand(new LabCommand())
                .addSubcommand(new DemoCommand())
                .setParameterExceptionHandler(LabMain::explainWords)
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

    @Command(name = "godwit", description = "Moves running services from one data centre to another.")
    private static final class Words {}
}
