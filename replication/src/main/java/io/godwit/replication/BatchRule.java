package io.godwit.replication;

import java.time.Duration;

/**
 * How much of the log may cross as one batch, of which overwritten content is left out. The replica stands still while a
 * batch is on its way, so it takes at most a quarter of the age that the policy allows, at the rate at which the replica
 * took the log until now; and there is none while anybody waits for the replica.
 *
 * @param deliveryRate log bytes a second
 * @param replicaBytes what the replica has room for
 */
record BatchRule(ReplicationPolicy policy, Waiting waiting, long deliveryRate, long replicaBytes) {
    /** The largest batch. Both sides keep its heads in memory until it is complete, the replica all of it in its log. */
    static final long MAX_BYTES = 64L << 20;
    /** Less than this that waits to be shipped is no backlog. */
    static final long MIN_BYTES = 1 << 20;

    private static final int PART = 4;

    /** Log bytes; 0 if there is to be no batch. */
    long mostBytes() {
        long most = Math.min(MAX_BYTES, replicaBytes);
        if (waiting != Waiting.NOTHING || most < MIN_BYTES) {
            return 0;
        }
        double seconds = allowed().toNanos() / 1e9 / PART;
        return Math.clamp((long) (seconds * deliveryRate), MIN_BYTES, most);
    }

    private Duration allowed() {
        return switch (policy.mode()) {
            case ASYNC, SYNC, STRICT -> policy.maxLagTime();
            case ADAPTIVE -> policy.rpo();
        };
    }
}
