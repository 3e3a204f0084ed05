package io.godwit.volume;

import io.godwit.core.DiskName;

/** Some bytes of one of a group's disks. */
public record DiskRange(DiskName disk, long offset, long length) {
    public long end() {
        return offset + length;
    }
}
