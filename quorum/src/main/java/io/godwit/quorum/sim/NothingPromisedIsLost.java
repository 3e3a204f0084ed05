package io.godwit.quorum.sim;

import java.util.Optional;

/** Who goes on with a group has every write that was ever acknowledged to a guest, but for what a claim that accepted loss gave up. */
record NothingPromisedIsLost() implements Invariant {
    @Override
    public Optional<String> broken(World world) {
        return world.ledger().loss();
    }
}
