package io.godwit.replication.verify;

import io.godwit.core.Position;
import io.godwit.volume.DiskRange;
import java.util.List;
import java.util.Optional;

/**
 * What a comparison has found.
 *
 * @param from the position at which the first part was compared
 * @param to the position of the last part; the same unless a point had to be given up on the way
 * @param differing whole leaves that differ, neighbours joined, in order; the first {@link Differences#MOST_RANGES}
 * @param differingBytes of all, also of those that are not in the list
 * @param remaining which of those in the list still differ after repair; empty if nothing was to be repaired
 */
public record VerifyResult(
        Position from,
        Position to,
        long totalBytes,
        long readBytes,
        List<DiskRange> differing,
        long differingBytes,
        boolean more,
        Optional<List<DiskRange>> remaining) {}
