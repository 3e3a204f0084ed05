package io.godwit.network;

/**
 * How much a site wants to be the way to an address, told to the core as a BGP community that its import filter maps
 * to a local preference of the same number.
 */
public enum Preference {
    /** The site that has the service says this, when nothing is moving. */
    USUAL(100),
    /** The site that has just received the service says this until the old site has withdrawn. */
    TAKING_OVER(200);

    /** The autonomous system in whose name the communities are defined: the core's. */
    private static final int COMMUNITY_AS = 65000;

    private final int value;

    Preference(int value) {
        this.value = value;
    }

    public String community() {
        return COMMUNITY_AS + ":" + value;
    }
}
