package io.godwit.replication;

import io.godwit.replication.Compression.Limit;
import java.time.Duration;
import java.util.List;

/**
 * How hard to compress what crosses, from where a session spent its time lately. A pure function:
 *
 * <pre>
 *   sending took more than twice as long as packing     the link is the limit: a level up
 *   packing took more than twice as long as sending     the processor is: a level down, at last to none
 *   less than half of the time went into both           neither is: towards the cheap level, bytes cost others something
 * </pre>
 */
final class CompressionRule {
    /** zstd's levels that are worth their time here; 0 is none. */
    static final List<Integer> LEVELS = List.of(0, 1, 3, 6);

    static final int CHEAP = 1;
    /** Less than this says nothing yet. */
    static final Duration LOOK = Duration.ofMillis(250);

    /** The kernel's buffers take less at once: only when more was sent, sending that took no time says something. */
    static final long BEYOND_BUFFERS = 16 << 20;

    private static final int CLEARLY = 2;

    private CompressionRule() {}

    static Limit limit(Duration elapsed, Duration packing, Duration sending) {
        if (packing.plus(sending).multipliedBy(CLEARLY).compareTo(elapsed) < 0) {
            return Limit.NEITHER;
        }
        if (sending.compareTo(packing.multipliedBy(CLEARLY)) > 0) {
            return Limit.LINK;
        }
        return packing.compareTo(sending.multipliedBy(CLEARLY)) > 0 ? Limit.PROCESSOR : Limit.BOTH;
    }

    /** The next level, at most one step away. */
    static int next(int level, Limit limit) {
        int now = LEVELS.indexOf(level);
        int step = switch (limit) {
            case LINK -> 1;
            case PROCESSOR -> -1;
            case NEITHER -> Integer.compare(CHEAP, level);
            case BOTH -> 0;
        };
        return LEVELS.get(Math.clamp(now + step, 0, LEVELS.size() - 1));
    }
}
