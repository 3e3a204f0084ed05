package io.godwit.quorum;

import io.godwit.quorum.QuorumCommand.Rate;

/**
 * Whether an owner may acknowledge a write that one of its replicas lacks. What the voters believe of a replica decides who may take over;
 * so an owner goes on alone only when they are known to know that the replica doesn't have everything.
 *
 * <pre>
 *   ALONE ── it has caught up: rate it COMPLETE ──▶ TOGETHER ── it doesn't follow: rate it worse ──▶ PARTING
 *     ▲                                                ▲                                              │   │
 *     │                                                └── it followed after all: rate it COMPLETE ───┘   │
 *     └──────────────────── the voters granted the worse rating ──────────────────────────────────────────┘
 * </pre>
 *
 * From when COMPLETE is <em>sent</em>, acknowledgements wait for the replica: from then on it may be believed. And only the grant of a
 * rating that was sent after the last COMPLETE shows that it isn't any more.
 *
 * @param lastComplete the number of the last COMPLETE that this run sent; 0 for none
 */
public record SyncPromise(Mode mode, long lastComplete) {
    public enum Mode {
        /** Nothing waits for the replica. */
        ALONE,
        /** Every acknowledgement waits for the replica. */
        TOGETHER,
        /** Nothing is acknowledged. */
        PARTING
    }

    /** What an owner begins with whose command was granted that made it the owner, or the owner again. */
    public static SyncPromise after(Readiness believed) {
        return new SyncPromise(believed == Readiness.COMPLETE ? Mode.TOGETHER : Mode.ALONE, 0);
    }

    /** Before a rating of that replica is sent. */
    public SyncPromise sending(Rate rate) {
        if (rate.readiness() == Readiness.COMPLETE) {
            return new SyncPromise(Mode.TOGETHER, rate.by().number());
        }
        return new SyncPromise(mode == Mode.ALONE ? Mode.ALONE : Mode.PARTING, lastComplete);
    }

    /** After the answer to a rating of that replica which this run sent, whenever it came. */
    public SyncPromise answered(Rate rate, QuorumAnswer answer) {
        boolean known = rate.readiness() != Readiness.COMPLETE
                && rate.by().number() > lastComplete
                && answer instanceof QuorumAnswer.Granted;
        return mode == Mode.PARTING && known ? new SyncPromise(Mode.ALONE, lastComplete) : this;
    }
}
