package io.godwit.lab.wire;

import io.godwit.core.BitRate;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.time.Duration;

/**
 * What one direction of a link does to a frame.
 *
 * @param delay from one end to the other, beside the time that the frame's own bits take; at most 10 s
 * @param rate at which bits go onto the link; a frame counts with its Ethernet header
 * @param queue bytes that may wait for their turn; a frame that finds more is dropped
 * @param lossPercent how many of a hundred frames are lost at random on the way, from 0 to 100
 */
public record LinkShape(Duration delay, BitRate rate, ByteCount queue, double lossPercent) {
    private static final Duration MOST_DELAY = Duration.ofSeconds(10);
    private static final ByteCount LEAST_QUEUE = ByteCount.ofKiB(2);
    private static final ByteCount MOST_QUEUE = ByteCount.ofMiB(256);
    private static final ByteCount USUAL_LEAST_QUEUE = ByteCount.ofKiB(256);

    public LinkShape {
        if (delay.isNegative() || delay.compareTo(MOST_DELAY) > 0) {
            throw refused("a link's delay must be from 0 to 10 s, not %d ms".formatted(delay.toMillis()));
        }
        if (queue.compareTo(LEAST_QUEUE) < 0 || queue.compareTo(MOST_QUEUE) > 0) {
            throw refused("a link's queue must be from 2 KiB to 256 MiB, not " + queue);
        }
        if (!(lossPercent >= 0 && lossPercent <= 100)) {
            throw refused("a link's loss must be from 0 to 100 percent, not " + lossPercent);
        }
    }

    /** One direction of a link whose round trip takes {@code roundTrip}, with a queue of one bandwidth-delay product, at least 256 KiB. */
    public static LinkShape of(Duration roundTrip, BitRate rate, double lossPercent) {
        return new LinkShape(roundTrip.dividedBy(2), rate, usualQueue(roundTrip, rate), lossPercent);
    }

    public static ByteCount usualQueue(Duration roundTrip, BitRate rate) {
        long product = rate.bytesIn(roundTrip.isNegative() ? Duration.ZERO : roundTrip);
        return new ByteCount(Math.clamp(product, USUAL_LEAST_QUEUE.bytes(), MOST_QUEUE.bytes()));
    }

    private static GodwitException refused(String sentence) {
        return new GodwitException(ErrorCode.BAD_INPUT, sentence);
    }
}
