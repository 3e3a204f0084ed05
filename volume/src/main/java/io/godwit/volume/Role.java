package io.godwit.volume;

/** What a site is to a group: exactly one site may let guests write. */
public enum Role {
    /** Guests write here; nothing is taken over from a peer. */
    PRIMARY,
    /** The log follows the primary's; guests' writes are refused. */
    REPLICA
}
