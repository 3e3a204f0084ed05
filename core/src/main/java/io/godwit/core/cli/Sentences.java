package io.godwit.core.cli;

import io.godwit.core.GodwitException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Tells a person in one sentence what was wrong; exits with 2 if nothing was changed, and with 1 if that is not certain. */
public final class Sentences implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private static final int FAILED = 1;
    private static final int REFUSED = 2;

    /** Makes a command line tell what was wrong so. */
    public static CommandLine on(CommandLine commands) {
        Sentences sentences = new Sentences();
        return commands.setExecutionExceptionHandler(sentences).setParameterExceptionHandler(sentences);
    }

    private Sentences() {}

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult words) throws Exception {
        if (failure instanceof GodwitException known) {
            command.getErr().println("godwit: " + known.sentence());
            return known.code().refused() ? REFUSED : FAILED;
        }
        throw failure;
    }

    @Override
    public int handleParseException(ParameterException wrong, String[] words) {
        CommandLine command = wrong.getCommandLine();
        command.getErr()
                .println("godwit: %s (`%s --help` explains)"
                        .formatted(wrong.getMessage(), command.getCommandSpec().qualifiedName()));
        return REFUSED;
    }
}
