package io.godwit.quorum.sim;

import java.util.Optional;

/** Which writes were acknowledged as being at both sites, and whether one is missing where the group goes on. */
final class Ledger {
    private long promised;
    private Optional<String> loss = Optional.empty();

    void promise(long position) {
        promised = Math.max(promised, position);
    }

    /** A site goes on from its replica. */
    void resumed(String site, long position, boolean acceptingLoss) {
        if (acceptingLoss) {
            promised = Math.min(promised, position);
        } else if (position < promised) {
            loss = Optional.of("%s goes on at write %d, but %d had been acknowledged as being at both sites"
                    .formatted(site, position, promised));
        }
    }

    Optional<String> loss() {
        return loss;
    }
}
