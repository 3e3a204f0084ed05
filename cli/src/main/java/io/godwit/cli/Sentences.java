package io.godwit.cli;

import io.godwit.core.GodwitException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Tells a person in one sentence what was wrong, and exits with 2. */
final class Sentences implements IExecutionExceptionHandler, IParameterExceptionHandler {
    static final int REFUSED = 2;

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult words) throws Exception {
        if (failure instanceof GodwitException refused) {
            command.getErr().println("godwit: " + refused.sentence());
            return REFUSED;
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
