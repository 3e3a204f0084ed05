package io.godwit.quorum;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The renewals that an owner has sent, and how long the granted ones last. A lease counts from when its renewal was <em>sent</em>: whoever
 * waits it out began to count when that was applied, which was later.
 *
 * @param lastNumber the greatest number used so far in a command
 * @param sentNanos when each renewal that was not answered was sent, by number
 * @param untilNanos when the lease ends; means nothing before the first was granted
 */
public record Renewals(long lastNumber, SortedMap<Long, Long> sentNanos, long lastSentNanos, long untilNanos) {
    /** Older unanswered ones are forgotten: their leases would have ended. */
    private static final int MAX_OPEN = 16;

    public Renewals {
        sentNanos = Collections.unmodifiableSortedMap(new TreeMap<>(sentNanos));
    }

    /** What is known right after a command with this number was granted that begins a tenure and was sent then. */
    static Renewals since(long number, long sentNanos, long leaseNanos) {
        return new Renewals(number, new TreeMap<>(), sentNanos, sentNanos + leaseNanos);
    }

    /** None granted yet. */
    static Renewals none(long number, long nowNanos) {
        return new Renewals(number, new TreeMap<>(), nowNanos, nowNanos);
    }

    Renewals sent(long nowNanos) {
        SortedMap<Long, Long> open = new TreeMap<>(sentNanos);
        open.put(lastNumber + 1, nowNanos);
        if (open.size() > MAX_OPEN) {
            open.remove(open.firstKey());
        }
        return new Renewals(lastNumber + 1, open, nowNanos, untilNanos);
    }

    /** The lease is extended, if that is a renewal which was sent and extends it. */
    Renewals granted(long number, long leaseNanos) {
        Long sent = sentNanos.get(number);
        if (sent == null) {
            return this;
        }
        SortedMap<Long, Long> open = new TreeMap<>(sentNanos.tailMap(number + 1));
        long until = sent + leaseNanos;
        return new Renewals(lastNumber, open, lastSentNanos, until - untilNanos > 0 ? until : untilNanos);
    }

    /** The number of what was seen must be exceeded from now on. */
    Renewals exceeding(Optional<Ownership> seen) {
        long number = seen.map(Ownership::number).orElse(0L);
        return new Renewals(Math.max(number, lastNumber), sentNanos, lastSentNanos, untilNanos);
    }

    boolean mustStopAt(long nowNanos, Margins margins) {
        return nowNanos - (untilNanos - margins.stop().toNanos()) >= 0;
    }
}
