package io.godwit.lab;

import io.godwit.core.GodwitException;
import picocli.CommandLine;

/** Runs {@code godwit lab …}. Exit codes: 0 done, 1 failed, 2 refused with one clear sentence and nothing changed. */
public final class LabMain {
    private static final int FAILED = 1;
    private static final int REFUSED = 2;

    private LabMain() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    public static CommandLine commandLine() {
        return new CommandLine(new LabCommand())
                .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, command))
                .setParameterExceptionHandler(LabMain::refuse);
    }

    private static int refuse(CommandLine.ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        command.getErr()
                .printf(
                        "%s (see `godwit %s --help`)%n",
                        wrong.getMessage(), command.getCommandSpec().qualifiedName());
        return REFUSED;
    }

    private static int explain(Exception failure, CommandLine command) throws Exception {
        if (!(failure instanceof GodwitException known)) {
            throw failure;
        }
        command.getErr().println(known.sentence());
        return known.code().refused() ? REFUSED : FAILED;
    }
}
