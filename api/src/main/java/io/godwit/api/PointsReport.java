package io.godwit.api;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.GroupName;
import io.godwit.core.MarkName;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What of a group's past can be opened at one site.
 *
 * @param oldest empty where there is nothing to open: the replica is not complete
 * @param kept log bytes from the oldest point to the newest
 * @param marks those with a name, the oldest first
 * @param times some of the moments at which the position is known, evenly over the history, the oldest first
 */
public record PointsReport(
        GroupName group,
        SiteName site,
        HistoryBounds bounds,
        Optional<Point> oldest,
        Optional<Point> newest,
        ByteCount kept,
        List<Mark> marks,
        List<Point> times,
        List<OpenPoint> open) {

    /**
     * A state that the disks were in.
     *
     * @param time when the log is known to have come so far; empty where that isn't known
     */
    public record Point(Position position, Optional<Instant> time) {}

    /**
     * A point with a name.
     *
     * @param kind {@code crash}: as after a power failure; {@code application}: file systems were frozen; {@code
     *     before-rewind}, {@code rewound}
     */
    public record Mark(MarkName name, Position position, Instant time, String kind) {}

    /**
     * A point that is open, or was until something more important needed its history.
     *
     * @param written room taken by what was written over it
     * @param test whether the machines of a failover test run on it: it is closed when that ends, not before
     * @param ended why it can't be read any more
     */
    public record OpenPoint(
            String id,
            Point point,
            boolean writable,
            boolean test,
            ByteCount written,
            List<Export> exports,
            Optional<String> ended) {}

    /**
     * Where a disk is offered.
     *
     * @param uri for NBD clients
     */
    public record Export(DiskName disk, String socket, String export, String uri) {}
}
