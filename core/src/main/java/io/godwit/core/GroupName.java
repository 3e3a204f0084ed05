package io.godwit.core;

/** The name of a protection group: VMs that are protected, moved and failed over together. Lower-case letters, digits and hyphens, 1 to 32 characters, so that it can stand in a file or interface name. */
public record GroupName(String value) implements Comparable<GroupName> {
    public GroupName {
        Names.check("group", value);
    }

    @Override
    public int compareTo(GroupName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
