package io.godwit.api;

import io.godwit.core.GroupName;
import java.util.List;
import java.util.Optional;

/**
 * The mechanism that protects a group as its users ask for at the least cost, from what was measured at its owner; {@code docs/mechanisms.md} says how
 * it is found.
 *
 * @param mode {@code sync} or {@code async}
 * @param checkpoints of its machines' memory; empty if none are worth it
 * @param rpoMillis writes that were acknowledged no longer before the loss of a site would be lost
 * @param rtoMillis the service would be away for so long
 * @param overheadPercent of the machines' time, for checkpoints
 * @param missed what was asked for and isn't reached, each in a sentence
 * @param knownFrom where the figures come from, each in a sentence
 * @param applied whether the group is protected like this now; else nothing was changed
 */
public record MechanismReport(
        GroupName group,
        ReplicationMode.Kind mode,
        Optional<CheckpointWish> checkpoints,
        long rpoMillis,
        long rtoMillis,
        double overheadPercent,
        List<String> missed,
        List<String> knownFrom,
        boolean applied) {
    public MechanismReport {
        missed = List.copyOf(missed);
        knownFrom = List.copyOf(knownFrom);
    }
}
