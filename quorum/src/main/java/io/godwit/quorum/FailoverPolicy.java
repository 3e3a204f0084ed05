package io.godwit.quorum;

import java.time.Duration;

/**
 * What a group's users want to happen without being asked.
 *
 * @param automatic whether a site may claim the group by itself
 * @param acceptingLoss whether it may do so with a replica that lacks acknowledged writes
 * @param patience how much longer than the lease to wait where the host seems to be there: its daemon may be coming back
 * @param restarts how often a machine is started again where it is before another site is to have it
 */
public record FailoverPolicy(boolean automatic, boolean acceptingLoss, Duration patience, int restarts) {
    public static final FailoverPolicy DEFAULT = new FailoverPolicy(true, false, Duration.ofSeconds(3), 3);
}
