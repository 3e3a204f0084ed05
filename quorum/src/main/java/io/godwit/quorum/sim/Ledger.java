package io.godwit.quorum.sim;

import io.godwit.core.SiteName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Which writes were acknowledged to guests, and whether one is missing where the group goes on. */
final class Ledger {
    /** A log that ends there has every write that was acknowledged until then. */
    private record Acknowledged(int position, long chain) {}

    private final Deque<Acknowledged> acknowledged = new ArrayDeque<>();
    private final List<SiteName> acceptedAt = new ArrayList<>();
    private Optional<String> loss = Optional.empty();

    void acknowledged(int position, long chain) {
        acknowledged.addLast(new Acknowledged(position, chain));
    }

    /** A site goes on with what its log holds. */
    void resumed(SiteName site, Journal journal) {
        Acknowledged last = acknowledged.peekLast();
        if (last != null && !journal.holds(last.position, last.chain)) {
            loss = Optional.of("%s goes on with a log of %d records, and lacks record %d, which had been acknowledged"
                    .formatted(site, journal.end(), last.position));
        }
    }

    /**
     * The voters have granted that site's claim to go on although writes may be missing there, whether or not it lives to serve: what is
     * missing is given up.
     */
    void accepted(SiteName site, Journal journal) {
        while (!acknowledged.isEmpty() && !isSafe(acknowledged.peekLast(), journal)) {
            acknowledged.removeLast();
        }
        acceptedAt.add(site);
    }

    private static boolean isSafe(Acknowledged last, Journal journal) {
        return last.position <= journal.durable() && journal.holds(last.position, last.chain);
    }

    /** Who went on with a loss, in order. */
    List<SiteName> acceptedAt() {
        return acceptedAt;
    }

    Optional<String> loss() {
        return loss;
    }
}
