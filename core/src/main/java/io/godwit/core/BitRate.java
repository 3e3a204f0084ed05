package io.godwit.core;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bits per second, from 1 kbit/s to 100 Gbit/s. Text form: a number and {@code kbit}, {@code mbit} or {@code gbit}. */
public record BitRate(long bitsPerSecond) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)\\s*([kmg])bit(?:/s)?");
    private static final long LEAST = 1_000;
    private static final long MOST = 100_000_000_000L;

    public BitRate {
        if (bitsPerSecond < LEAST || bitsPerSecond > MOST) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "a rate must be from 1kbit to 100gbit, not %d bit/s".formatted(bitsPerSecond));
        }
    }

    /** Reads "100mbit", "1gbit", "2.5 Mbit/s". */
    @JsonCreator
    public static BitRate parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "'%s' is not a rate: write a number and a unit, such as 100mbit".formatted(text));
        }
        int power = 3 * (1 + "kmg".indexOf(matcher.group(2)));
        return new BitRate(
                new BigDecimal(matcher.group(1)).scaleByPowerOfTen(power).longValue());
    }

    /** Bytes that this rate carries in {@code time}. */
    public long bytesIn(Duration time) {
        return (long) (bitsPerSecond / 8.0 * (time.toNanos() / 1e9));
    }

    /** Nanoseconds that a frame of so many bytes takes. */
    public long nanosFor(int bytes) {
        return bytes * 8_000_000_000L / bitsPerSecond;
    }

    @JsonValue
    @Override
    public String toString() {
        String[] units = {"kbit", "mbit", "gbit"};
        int unit = bitsPerSecond >= 1_000_000_000 ? 2 : bitsPerSecond >= 1_000_000 ? 1 : 0;
        BigDecimal number = BigDecimal.valueOf(bitsPerSecond).scaleByPowerOfTen(-3 * (unit + 1));
        return number.stripTrailingZeros().toPlainString() + units[unit];
    }
}
