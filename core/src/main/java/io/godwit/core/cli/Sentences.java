package io.godwit.core.cli;

import io.godwit.core.GodwitException;
import java.math.BigInteger;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** Tells a person in one sentence what was wrong; exits with 2 if nothing was changed, and with 1 if that is not certain. */
public final class Sentences implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private static final int FAILED = 1;
    private static final int REFUSED = 2;
    private static final Pattern WHOLE = Pattern.compile("[-+]?\\d{1,100}");

    /** Makes a command line tell what was wrong so. */
    public static CommandLine on(CommandLine commands) {
        Sentences sentences = new Sentences();
        return commands.registerConverter(int.class, Sentences::wholeInt)
                .registerConverter(Integer.class, Sentences::wholeInt)
                .registerConverter(long.class, Sentences::wholeLong)
                .registerConverter(Long.class, Sentences::wholeLong)
                .setExecutionExceptionHandler(sentences)
                .setParameterExceptionHandler(sentences);
    }

    private static int wholeInt(String text) {
        return whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE).intValueExact();
    }

    private static long wholeLong(String text) {
        return whole(text, Long.MIN_VALUE, Long.MAX_VALUE).longValueExact();
    }

    private static BigInteger whole(String text, long least, long most) {
        if (!WHOLE.matcher(text).matches()) {
            throw new TypeConversionException("'%s' is not a whole number".formatted(text));
        }
        BigInteger number = new BigInteger(text);
        if (number.compareTo(BigInteger.valueOf(least)) < 0 || number.compareTo(BigInteger.valueOf(most)) > 0) {
            throw new TypeConversionException("%s is out of bounds: %d to %d".formatted(text, least, most));
        }
        return number;
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
