package io.godwit.api;

import io.godwit.core.ByteCount;
import io.godwit.core.GroupName;
import io.godwit.core.MarkName;
import java.util.Optional;

/**
 * What became of a rewind.
 *
 * @param to the point whose state the disks have again
 * @param from the end of what is no longer seen
 * @param undo names {@code from}: a rewind to it takes this one back, as long as the history reaches so far; empty if nothing
 *     was done
 * @param discarded log bytes between the two
 * @param written bytes of disks that were written back
 */
public record RewindReport(
        GroupName group,
        PointsReport.Point to,
        PointsReport.Point from,
        Optional<MarkName> undo,
        ByteCount discarded,
        ByteCount written,
        int machines,
        long tookMillis) {}
