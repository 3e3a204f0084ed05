package io.godwit.replication;

/** Who waits for the replica, as the group's owner chose. */
public enum Mode {
    /** Nobody: a flush waits for the local log alone. How far the replica may be behind is bounded by the policy. */
    ASYNC,
    /** A flush also waits until the replica's log is on stable storage up to it. */
    SYNC,
    /** Every write waits like a flush under {@link #SYNC}. */
    STRICT,
    /** As little as keeps the replica within a recovery point objective: see {@link AdaptiveRule}. */
    ADAPTIVE
}
