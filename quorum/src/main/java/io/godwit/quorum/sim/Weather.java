package io.godwit.quorum.sim;

/** What goes wrong in a world. */
enum Weather {
    /** Everything. */
    STORM,
    /** The link between the sites, for up to a minute at a time. */
    LINK_AWAY,
    /** The witness. */
    WITNESS_AWAY
}
