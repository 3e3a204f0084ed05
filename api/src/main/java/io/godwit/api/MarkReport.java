package io.godwit.api;

import io.godwit.core.GroupName;
import io.godwit.core.VmName;
import java.util.List;

/**
 * A mark that was made.
 *
 * @param frozen how long each machine's file systems stood still for it
 */
public record MarkReport(GroupName group, PointsReport.Mark mark, List<Frozen> frozen) {
    public record Frozen(VmName vm, int fileSystems, long millis) {}
}
