package io.godwit.quorum;

/** What happened, as far as can be told from here. */
public enum Finding {
    /** Everything is as it should be. */
    WELL,
    /** This site hears no majority: it may be the one that is cut off. */
    CUT_OFF,
    /** The owner renews its lease; only the way between the two sites is broken. */
    LOST_LINK,
    /** The owner is there, and no third voter is: nobody could decide if the owner went now. */
    LOST_WITNESS,
    /** Nobody hears the owner, and its lease is over. */
    LOST_SITE,
    /** The owner's host is there and its daemon is not; its guests run and wait for their disks. */
    DEAD_DAEMON,
    /** The owner can be heard and doesn't renew: it cannot reach a majority, or hangs. */
    STUCK_OWNER,
    /** A machine's QEMU ended while its site is well. */
    DEAD_MACHINE,
    /** What the owner's disks are on has failed: it renews its lease, and can write nothing. */
    DEAD_DISK,
    /** The machines run, and the service doesn't answer. */
    SILENT_SERVICE
}
