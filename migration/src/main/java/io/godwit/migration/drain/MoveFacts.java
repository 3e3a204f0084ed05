package io.godwit.migration.drain;

import io.godwit.core.ByteCount;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of how long a live move of a group takes.
 *
 * @param memory of its machines
 * @param last the last move of this group away from the site, if one was measured
 * @param others the last moves of other groups away from the site
 * @param pendingWrites how long the writes that the other site lacks are expected to take
 * @param firstCopy how long the copy of its disks that is under way is expected to take; zero if the replica is complete
 * @param bytesPerSecond at which its content was seen to cross; empty if too little has
 */
public record MoveFacts(
        ByteCount memory,
        Optional<MeasuredMove> last,
        List<MeasuredMove> others,
        Duration pendingWrites,
        Duration firstCopy,
        OptionalLong bytesPerSecond) {
    public MoveFacts {
        others = List.copyOf(others);
    }
}
