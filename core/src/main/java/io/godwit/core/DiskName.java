package io.godwit.core;

/** The name of a disk, unique in its group. Lower-case letters, digits and hyphens, 1 to 32 characters, so that it can stand in a file or interface name. */
public record DiskName(String value) implements Comparable<DiskName> {
    public DiskName {
        Names.check("disk", value);
    }

    @Override
    public int compareTo(DiskName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
