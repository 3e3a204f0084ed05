package io.godwit.api;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import java.util.List;
import java.util.Optional;

/**
 * What a comparison of both sites' copies has found; docs/verify.md.
 *
 * @param from where in the log the first part was compared; {@code to} the last one: the same unless a point had to be given up
 * @param total bytes of all disks
 * @param read bytes that had to be read here; holes have not
 * @param differing where the copies differ, in blocks of 64 KiB
 * @param differingBytes of all, also where {@code more} says that the list ends before
 * @param remaining what of the list still differs after it was written again; empty if nothing was to be repaired
 */
public record VerifyReport(
        GroupName group,
        Position from,
        Position to,
        ByteCount total,
        ByteCount read,
        List<Extent> differing,
        ByteCount differingBytes,
        boolean more,
        Optional<List<Extent>> remaining,
        long tookMillis) {
    public VerifyReport {
        differing = List.copyOf(differing);
    }

    /** Whether both copies are the same now, as far as is known. */
    public boolean identical() {
        return differing.isEmpty() || (!more && remaining.filter(List::isEmpty).isPresent());
    }

    public record Extent(DiskName disk, long offset, long length) {}

    /**
     * How far it is.
     *
     * @param done bytes of all disks, holes included
     * @param millisLeft by the speed so far; 0 before that is known
     */
    public record Progress(
            ByteCount done, ByteCount total, ByteCount read, ByteCount differing, Position at, long millisLeft) {}
}
