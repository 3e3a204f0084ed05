package io.godwit.site.disks;

import io.godwit.core.Position;
import io.godwit.replication.Mode;
import io.godwit.replication.Replicator;
import io.godwit.volume.DurabilityRule;

/**
 * A disk's rule where voters decide who may take over: after what the mode asks for, an acknowledgement waits until the replica has what it says, or
 * the voters know that the replica doesn't have everything.
 */
public record PromisedRule(DurabilityRule rule, Replicator replicator, Ratings ratings) implements DurabilityRule {
    @Override
    public void admit(long bytes) throws InterruptedException {
        rule.admit(bytes);
    }

    /** Where the mode promises every write, it does so also while nobody waits for a replica that is away. */
    @Override
    public boolean everyWrite() {
        return rule.everyWrite() || (replicator.policy().mode() == Mode.STRICT && !ratings.alone());
    }

    @Override
    public void awaitSafe(Position position) throws InterruptedException {
        rule.awaitSafe(position);
        ratings.awaitPromise(() -> replicator.covers(position));
    }
}
