package io.godwit.core;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes, never negative. Text form: a whole number and an optional unit, {@code KiB}, {@code MiB}, {@code GiB} or {@code TiB}. */
public record ByteCount(long bytes) implements Comparable<ByteCount> {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,15})\\s*(?:([KMGT])i?)?B?", Pattern.CASE_INSENSITIVE);

    public static final ByteCount ZERO = new ByteCount(0);

    public ByteCount {
        if (bytes < 0) {
            throw new IllegalArgumentException("a byte count cannot be negative: " + bytes);
        }
    }

    public static ByteCount ofKiB(long kib) {
        return new ByteCount(Math.multiplyExact(kib, 1024L));
    }

    public static ByteCount ofMiB(long mib) {
        return ofKiB(Math.multiplyExact(mib, 1024L));
    }

    /** Reads "256MiB", "4 GiB", "512". */
    public static ByteCount parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "'%s' is not a size: write a number and a unit, such as 256MiB".formatted(text));
        }
        String unit = matcher.group(2) == null ? "B" : matcher.group(2).toUpperCase(Locale.ROOT);
        int shift = 10 * "BKMGT".indexOf(unit);
        long number = Long.parseLong(matcher.group(1));
        if (number > Long.MAX_VALUE >> shift) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "'%s' is more bytes than can be counted".formatted(text));
        }
        return new ByteCount(number << shift);
    }

    public ByteCount plus(ByteCount other) {
        return new ByteCount(Math.addExact(bytes, other.bytes));
    }

    @Override
    public int compareTo(ByteCount other) {
        return Long.compare(bytes, other.bytes);
    }

    /** For people: three significant digits and a binary unit. */
    @Override
    public String toString() {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        String format = unit == 0 || value >= 100 ? "%.0f %s" : value >= 10 ? "%.1f %s" : "%.2f %s";
        return String.format(Locale.ROOT, format, value, units[unit]);
    }
}
