package io.godwit.quorum.sim;

/** A rule that is broken on purpose, to see that the simulator notices. */
enum Mutation {
    NONE(0),
    /** Who waits a lease out takes clocks to be perfect. */
    NO_CLOCK_MARGIN(5_000),
    /** An owner counts its lease from when the answer came. */
    LEASE_FROM_ANSWER(5_000),
    /** Voters grant a claim although a renewal was applied since. */
    CHANGES_IGNORED(5_000),
    /** Voters apply what an earlier run of the owner's daemon had sent. */
    SESSIONS_IGNORED(12_000),
    /** Voters apply what a later command has overtaken. */
    NUMBERS_IGNORED(5_000),
    /** An owner gives the group up while its disks still acknowledge. */
    PARTS_BEFORE_STOPPING(1_000),
    /** A daemon that was started anew serves what it served before, without asking. */
    SERVES_UNASKED(1_000),
    /** Disks rely on the daemon to stop them, and don't look at the clock. */
    DISKS_TRUST_THE_DAEMON(1_000),
    /** The edge lets packets out until somebody tells it otherwise. */
    EDGES_TRUST_THE_DAEMON(1_000),
    /** An owner acknowledges what its replica lacks before the voters know. */
    ACKNOWLEDGES_ALONE(1_000),
    /** A replica is rated complete before it has what was acknowledged without it. */
    RATED_TOO_EARLY(5_000),
    /** An owner ships what its own disk may still lose. */
    SHIPS_BEFORE_DURABLE(5_000),
    /** A replica takes what it is sent, whatever that follows. */
    CHAIN_IGNORED(1_000),
    /** A site that gave way, or was started anew as a follower, goes on announcing the group. */
    NEVER_WITHDRAWS(1_000),
    /** An owner that takes its offer back leaves the group's address diverted. */
    STAYS_DIVERTED(1_000),
    /** What is left to do after a move is done even if the group has come back meanwhile. */
    SETTLES_BLINDLY(5_000),
    /** An owner whose disk has failed renews its lease all the same. */
    HOLDS_ON_WITHOUT_DISKS(1_000),
    /** A site whose disk was replaced takes a group over as if it had its replica still. */
    CLAIMS_WITH_AN_EMPTY_DISK(5_000),
    /** Who lacks writes doesn't let one go first who lacks none. */
    NO_DEFERENCE(5_000);

    private final int worldsToNotice;

    Mutation(int worldsToNotice) {
        this.worldsToNotice = worldsToNotice;
    }

    /** In so many storms it is noticed nearly always: at least five times as many as it took when it was tried. */
    int worldsToNotice() {
        return worldsToNotice;
    }
}
