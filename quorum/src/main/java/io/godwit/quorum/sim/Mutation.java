package io.godwit.quorum.sim;

/** A rule that is broken on purpose, to see that the simulator notices. */
enum Mutation {
    NONE,
    /** Who waits a lease out takes clocks to be perfect. */
    NO_CLOCK_MARGIN,
    /** An owner counts its lease from when the answer came. */
    LEASE_FROM_ANSWER,
    /** Voters grant a claim although a renewal was applied since. */
    CHANGES_IGNORED,
    /** Voters apply what an earlier run of the owner's daemon had sent. */
    SESSIONS_IGNORED,
    /** Voters apply what a later command has overtaken. */
    NUMBERS_IGNORED,
    /** An owner gives the group up while its disks still acknowledge. */
    PARTS_BEFORE_STOPPING,
    /** A daemon that was started anew serves what it served before, without asking. */
    SERVES_UNASKED,
    /** Disks rely on the daemon to stop them, and don't look at the clock. */
    DISKS_TRUST_THE_DAEMON,
    /** The edge lets packets out until somebody tells it otherwise. */
    EDGES_TRUST_THE_DAEMON,
    /** An owner acknowledges what its replica lacks before the voters know. */
    ACKNOWLEDGES_ALONE,
    /** Who lacks writes doesn't let one go first who lacks none. */
    NO_DEFERENCE
}
