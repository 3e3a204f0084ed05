package io.godwit.volume;

import io.godwit.core.Position;

/** Who waits for which position: a replication mode, as the disk's server sees it. */
public interface DurabilityRule {
    /** Called before a guest's write of so many bytes is taken; may hold it back to bound what a follower lags. */
    void admit(long bytes) throws InterruptedException;

    /** Called before a guest's read is answered; holds it back while this site may not answer. */
    default void admitRead() throws InterruptedException {}

    /** Whether also a write that didn't ask for it is answered only when it is as safe as a flush would make it. */
    default boolean everyWrite() {
        return false;
    }

    /** Returns when everything before {@code position} is as safe as the mode promises. */
    void awaitSafe(Position position) throws InterruptedException;

    /** Nobody waits for anything: what is written doesn't outlive its server anyway. */
    static DurabilityRule none() {
        return new DurabilityRule() {
            @Override
            public void admit(long bytes) {}

            @Override
            public void awaitSafe(Position position) {}
        };
    }

    /** Only the local log counts. */
    static DurabilityRule local(GroupStore store) {
        return new DurabilityRule() {
            @Override
            public void admit(long bytes) {}

            @Override
            public void awaitSafe(Position position) throws InterruptedException {
                store.awaitDurable(position);
            }
        };
    }
}
