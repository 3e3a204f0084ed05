package io.godwit.replication;

/** Who waits for the replica. */
public enum Mode {
    /** Nobody: a flush waits for the local log alone. Writers are slowed when the replica lags too far. */
    ASYNC,
    /** A flush also waits until the replica's log is on stable storage up to it. */
    SYNC
}
