package io.godwit.api;

import io.godwit.core.VmName;
import java.util.List;
import java.util.Optional;

/**
 * A test of a failover that is under way at a site, or that was kept.
 *
 * @param phase {@code preparing} (nothing is booted yet), {@code booting}, {@code checking} or {@code kept}: it is over, and its machines run on
 * @param point of the group's past that its disks were opened at; empty until they are
 * @param openPoint the open point's name, as {@code p1}
 * @param answered the machines that have answered so far
 * @param machines how many there are
 * @param millis since it was asked for
 */
public record FailoverTestStatus(
        String phase,
        Optional<PointsReport.Point> point,
        Optional<String> openPoint,
        List<VmName> answered,
        int machines,
        long millis) {
    public FailoverTestStatus {
        answered = List.copyOf(answered);
    }
}
