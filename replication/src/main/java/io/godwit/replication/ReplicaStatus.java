package io.godwit.replication;

import io.godwit.core.Position;
import io.godwit.core.Term;
import java.util.Optional;

/**
 * A replica at one moment.
 *
 * @param consistent whether it is a complete copy, exactly a prefix of the source's history; only then may it be promoted
 * @param repairing whether it is an old copy, which a newer one is going to replace
 * @param durable up to where its log is on stable storage
 * @param term the newest term that it knows; empty before there is a store
 * @param trouble why the last session ended, if it failed
 */
public record ReplicaStatus(
        boolean connected,
        boolean consistent,
        boolean repairing,
        Position durable,
        Optional<Term> term,
        Optional<String> trouble) {
    /** Whether it is complete, and goes on from there. */
    public boolean upToDate() {
        return consistent && !repairing;
    }
}
