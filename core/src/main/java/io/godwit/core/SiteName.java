package io.godwit.core;

/** The name of a data centre with its hosts, storage and edge. Lower-case letters, digits and hyphens, 1 to 32 characters, so that it can stand in a file or interface name. */
public record SiteName(String value) implements Comparable<SiteName> {
    public SiteName {
        Names.check("site", value);
    }

    @Override
    public int compareTo(SiteName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
