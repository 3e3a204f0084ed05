package io.godwit.quorum;

import java.time.Duration;

/**
 * What a group's users want to happen without being asked.
 *
 * @param automatic whether a site may claim the group by itself
 * @param acceptingLoss whether it may do so with a replica that lacks acknowledged writes
 * @param patience how much longer than the lease to wait where the host seems to be there: its daemon may be coming back
 * @param deference how much longer a site whose replica lacks writes waits for one that lacks none, before it takes over with a loss. Enough
 *     for the other to be started, to wait a lease of 3 s out, and to be patient
 * @param restarts how often a machine is started again where it is before another site is to have it
 */
public record FailoverPolicy(
        boolean automatic, boolean acceptingLoss, Duration patience, Duration deference, int restarts) {
    public static final FailoverPolicy DEFAULT =
            new FailoverPolicy(true, false, Duration.ofSeconds(3), Duration.ofSeconds(10), 3);
}
