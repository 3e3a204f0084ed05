package io.godwit.replication;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A group's mode at one moment.
 *
 * @param waiting who waits for the replica now; it differs from what the mode asks for while a move holds the group
 *     synchronous, while it is degraded, and as {@link Mode#ADAPTIVE} sees fit
 * @param rpo age of the oldest acknowledged write that would be lost with this site now
 * @param worstRpo the highest since the mode came into force here
 * @param worstInReach the same, without what became old only because the replica was away: no write counts as older than the time for which it has been back
 * @param deliveryRate log bytes a second that the replica takes; zero before it was measured
 * @param writeRate log bytes a second that guests write
 * @param lastChange what the last change took; empty before the first
 */
public record ModeStatus(
        ReplicationPolicy policy,
        Waiting waiting,
        Duration rpo,
        Duration worstRpo,
        Duration worstInReach,
        long deliveryRate,
        long writeRate,
        List<Alarm> alarms,
        Optional<ModeChange> lastChange) {}
