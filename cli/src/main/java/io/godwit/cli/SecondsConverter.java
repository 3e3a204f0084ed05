package io.godwit.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Seconds as people write them, such as 2.5; read as milliseconds. */
final class SecondsConverter implements ITypeConverter<Long> {
    private static final double MOST_SECONDS = 30 * 86_400;

    @Override
    public Long convert(String text) {
        double seconds = parse(text);
        if (!(seconds >= 0 && seconds <= MOST_SECONDS)) {
            throw new TypeConversionException("'%s' is not 0 to %.0f seconds".formatted(text, MOST_SECONDS));
        }
        return Math.round(seconds * 1000);
    }

    private static double parse(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException nonsense) {
            return Double.NaN;
        }
    }
}
