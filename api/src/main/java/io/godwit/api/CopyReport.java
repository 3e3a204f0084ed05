package io.godwit.api;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.util.List;

/**
 * A copy of a group's disks that was exported or imported.
 *
 * @param position the end of the group's log at which the disks were so
 * @param at when it was exported, in seconds since 1970
 * @param tookMillis this export, or this import
 */
public record CopyReport(
        GroupName group,
        String directory,
        Term term,
        Position position,
        long at,
        List<Disk> disks,
        long tookMillis,
        String sentence) {
    public CopyReport {
        disks = List.copyOf(disks);
    }

    /**
     * A disk of it.
     *
     * @param content bytes that are not in runs of zeroes
     * @param digest SHA-256 of the content as docs/carried-copy.md defines it, in hexadecimal digits
     */
    public record Disk(DiskName name, ByteCount size, ByteCount content, String digest) {}
}
