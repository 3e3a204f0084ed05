package io.godwit.replication;

import java.time.Duration;

/**
 * How much of the log may cross as one batch, of which overwritten content is left out. The replica stands still while a
 * batch is on its way, so it takes at most a quarter of the age that the policy allows, at the rate at which the replica
 * took the log until now; and there is none while anybody waits for the replica. Where the link is scarce, the log gathers
 * for a while before a batch is made of it: the longer, the more of it is overwritten by then.
 *
 * @param linkScarce whether what was sent lately had to wait for the link much of the time, or waits in some buffer now
 * @param deliveryRate log bytes a second
 * @param replicaBytes what the replica has room for
 */
record BatchRule(ReplicationPolicy policy, Waiting waiting, boolean linkScarce, long deliveryRate, long replicaBytes) {
    /** The largest batch. Both sides keep its heads in memory until it is complete, the replica all of it in its log. */
    static final long MAX_BYTES = 64L << 20;
    /** Less than this that waits to be shipped is no backlog. */
    static final long MIN_BYTES = 1 << 20;

    private static final int PART = 4;
    /** The log gathers for one part in so many of the age that the policy allows. */
    private static final int GATHERING_PART = 5;
    /** And at most so much of the bytes that the replica may lag: as much again is written while it crosses. */
    private static final double GATHERED_SHARE = 3.0 / 8;

    /** Log bytes; 0 if there is to be no batch. */
    long mostBytes() {
        long most = Math.min(MAX_BYTES, replicaBytes);
        if (waiting != Waiting.NOTHING || most < MIN_BYTES) {
            return 0;
        }
        double seconds = allowed().toNanos() / 1e9 / PART;
        return Math.clamp((long) (seconds * deliveryRate), MIN_BYTES, most);
    }

    /**
     * Whether to let the log gather on; at most three eighths of the bytes that the replica may lag. Not under a mode that has
     * degraded: it is in force again only when the replica has caught up.
     *
     * @param gathered log bytes that wait to be shipped
     * @param since the last batch was made
     */
    boolean gathersOn(long gathered, Duration since) {
        return linkScarce
                && policy.waiting() == Waiting.NOTHING
                && gathered > 0
                && gathered < Math.min(mostBytes(), (long) (policy.maxLag().bytes() * GATHERED_SHARE))
                && since.compareTo(allowed().dividedBy(GATHERING_PART)) < 0;
    }

    private Duration allowed() {
        return switch (policy.mode()) {
            case ASYNC, SYNC, STRICT -> policy.maxLagTime();
            case ADAPTIVE -> policy.rpo();
        };
    }
}
