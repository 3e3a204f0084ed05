package io.godwit.quorum;

import java.time.Duration;

/**
 * What lies between a lease's end and whoever must be done before it, or may act after it. All follow from the lease's length.
 *
 * <pre>
 *   sent   renew  renew …            stop begins        guard        end      may be claimed
 *   ├────────┼──────┼───────────────────┼─────────────────┼───────────┤ · · · · · · ·┤
 *   0       L/6    L/3               L − L/4           L − L/50        L      L × (1 + drift), on the other clock,
 *                                                                            which began to count later
 * </pre>
 *
 * Two clocks may each run too fast or too slow by {@code clockPerMille}: what one counts as L takes the other up to
 * L × (1000 + c) / (1000 − c). Quartz is wrong by less than 0.1 per mille, and a clock that is being corrected by less than 0.5.
 *
 * @param renewEvery an owner sends a renewal so often, whether or not the last was answered
 * @param stop so long before the end an owner begins to stop guests and disks
 * @param guard so long before the end a disk acknowledges nothing any more: the time that an acknowledgement may be on its way to the guest
 */
public record Margins(Duration renewEvery, Duration stop, Duration guard, int clockPerMille) {
    public static final int CLOCK_PER_MILLE = 10;

    public Margins {
        if (clockPerMille < 0 || clockPerMille >= 1000) {
            throw new IllegalArgumentException(
                    "a clock that is wrong by %d per mille is none".formatted(clockPerMille));
        }
    }

    public static Margins of(Duration lease) {
        return new Margins(lease.dividedBy(6), lease.dividedBy(4), lease.dividedBy(50), CLOCK_PER_MILLE);
    }

    /** How long to wait, on one's own clock and from when a renewal was seen, until its lease has surely ended on its owner's. */
    public long waitOutNanos(Duration lease) {
        return Math.ceilDiv(Math.multiplyExact(lease.toNanos(), 1000L + clockPerMille), 1000L - clockPerMille);
    }
}
