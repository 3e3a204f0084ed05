package io.godwit.lab;

import io.godwit.core.BitRate;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.lab.wire.LinkShape;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a link is to be; to be mixed into a command. What is not given stays as it was. */
public final class LinkOptions {
    @Option(names = "--rtt", paramLabel = "TIME", description = "round trip time, such as 40ms")
    @Nullable
    String roundTrip;

    @Option(names = "--rate", paramLabel = "RATE", description = "bits per second, such as 100mbit")
    @Nullable
    String rate;

    @Option(names = "--loss", paramLabel = "PERCENT", description = "frames lost at random, such as 0.1")
    @Nullable
    Double loss;

    @Option(
            names = "--queue",
            paramLabel = "SIZE",
            description = "bytes that may wait (one bandwidth-delay product, at least 256KiB)")
    @Nullable
    String queue;

    public boolean isEmpty() {
        return roundTrip == null && rate == null && loss == null && queue == null;
    }

    /** What was given, as it was: to be said again on a command line. */
    public String asGiven() {
        return Stream.of(word("--rtt", roundTrip), word("--rate", rate), word("--loss", loss), word("--queue", queue))
                .collect(Collectors.joining());
    }

    private static String word(String option, @Nullable Object value) {
        return value == null ? "" : " %s %s".formatted(option, value);
    }

    /** {@code present} with the changes that were asked for; a queue that is not given follows rate and round trip. */
    public LinkShape changing(LinkShape present) {
        Duration wantedRoundTrip = roundTrip == null ? present.delay().multipliedBy(2) : duration(roundTrip);
        BitRate wantedRate = rate == null ? present.rate() : BitRate.parse(rate);
        double wantedLoss = loss == null ? present.lossPercent() : loss;
        LinkShape shape = LinkShape.of(wantedRoundTrip, wantedRate, wantedLoss);
        ByteCount wantedQueue = queue != null
                ? ByteCount.parse(queue)
                : roundTrip == null && rate == null ? present.queue() : shape.queue();
        return new LinkShape(shape.delay(), wantedRate, wantedQueue, wantedLoss);
    }

    /** Reads "40ms", "1.5 s", "200us". */
    public static Duration duration(String text) {
        String[] units = {"us", "ms", "s"};
        long[] nanos = {1_000, 1_000_000, 1_000_000_000};
        String compact = text.replace(" ", "");
        for (int unit = 0; unit < units.length; unit++) {
            if (compact.matches("\\d{1,6}(\\.\\d{1,3})?" + units[unit])) {
                String number = compact.substring(0, compact.length() - units[unit].length());
                return Duration.ofNanos(Math.round(Double.parseDouble(number) * nanos[unit]));
            }
        }
        throw new GodwitException(
                ErrorCode.BAD_INPUT, "'%s' is not a time: write a number and a unit, such as 40ms".formatted(text));
    }
}
