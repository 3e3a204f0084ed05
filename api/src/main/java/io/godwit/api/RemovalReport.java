package io.godwit.api;

import io.godwit.core.DiskName;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.VmName;
import java.util.List;
import java.util.Optional;

/**
 * What became of a group that was taken out of protection, or would become of it.
 *
 * @param removed whether it was done; false if it was not confirmed
 * @param machines those that run here, and end
 * @param cut those of them that did not shut down in time, so that their power was cut; none before it was done
 * @param disks where the disks' last content is then
 * @param copyAt the site whose copy is deleted; empty if only this site forgets the group
 * @param setAside where this site's part was put as it is, because it may be all that there is; empty if it was deleted
 */
public record RemovalReport(
        GroupName group,
        boolean removed,
        List<VmName> machines,
        List<VmName> cut,
        List<Disk> disks,
        Optional<SiteName> copyAt,
        Optional<String> setAside) {
    public RemovalReport {
        machines = List.copyOf(machines);
        cut = List.copyOf(cut);
        disks = List.copyOf(disks);
    }

    /** A disk and the file, device or export that holds it. */
    public record Disk(DiskName name, String at) {}
}
