package io.godwit.core;

/** The name of a virtual machine, unique in its group. Lower-case letters, digits and hyphens, 1 to 32 characters, so that it can stand in a file or interface name. */
public record VmName(String value) implements Comparable<VmName> {
    public VmName {
        Names.check("virtual machine", value);
    }

    @Override
    public int compareTo(VmName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
