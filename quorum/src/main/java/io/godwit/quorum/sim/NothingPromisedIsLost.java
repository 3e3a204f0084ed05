package io.godwit.quorum.sim;

import java.util.Optional;

/** A site that takes a group over without accepting loss has every write that was acknowledged as being there. */
record NothingPromisedIsLost() implements Invariant {
    @Override
    public Optional<String> broken(World world) {
        return world.ledger().loss();
    }
}
