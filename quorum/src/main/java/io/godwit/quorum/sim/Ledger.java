package io.godwit.quorum.sim;

import io.godwit.core.SiteName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which writes were acknowledged as being at both sites, and whether one is missing where the group goes on. */
final class Ledger {
    private long promised;
    private final List<SiteName> acceptedAt = new ArrayList<>();
    private Optional<String> loss = Optional.empty();

    void promise(long position) {
        promised = Math.max(promised, position);
    }

    /** A site goes on from its replica. */
    void resumed(SiteName site, long position) {
        if (position < promised) {
            loss = Optional.of("%s goes on at write %d, but %d had been acknowledged as being at both sites"
                    .formatted(site, position, promised));
        }
    }

    /** The voters have granted that site's claim to go on although writes are missing there; whether or not it lives to serve. */
    void accepted(SiteName site, long position) {
        promised = Math.min(promised, position);
        acceptedAt.add(site);
    }

    /** Who went on with a loss, in order. */
    List<SiteName> acceptedAt() {
        return acceptedAt;
    }

    Optional<String> loss() {
        return loss;
    }
}
