package io.godwit.quorum.sim;

import java.util.Optional;

/**
 * A site's edge, as its kernel and its BGP speaker have been told: where the group's address leads, the tunnel's end at this site, and what is
 * announced. It outlives the daemon, and forgets all when the host loses power.
 */
final class Edge {
    enum Placement {
        HERE,
        ELSEWHERE
    }

    /** How much an announcement is preferred, the least first. */
    enum Preference {
        USUAL,
        TAKING_OVER
    }

    private final Site site;
    private Optional<Placement> placement = Optional.empty();
    private Optional<Site> tunnel = Optional.empty();
    private Optional<Preference> announced = Optional.empty();

    Edge(Site site) {
        this.site = site;
    }

    void attach(Placement where) {
        placement = Optional.of(where);
    }

    void detach() {
        placement = Optional.empty();
    }

    void prepareTunnel(Site to) {
        tunnel = Optional.of(to);
    }

    void removeTunnel() {
        tunnel = Optional.empty();
    }

    void announce(Preference preference) {
        announced = Optional.of(preference);
    }

    /** Also what a restart of the BGP speaker does. */
    void withdraw() {
        announced = Optional.empty();
    }

    void losePower() {
        detach();
        removeTunnel();
        withdraw();
    }

    Optional<Preference> announced() {
        return announced;
    }

    /** Whether the group's packets come here, from neighbours or from the core, and are sent anywhere. */
    boolean carries() {
        return placement.isPresent() || announced.isPresent();
    }

    /** The site at whose port the group's packets arrive that come to this edge; empty if they are lost. */
    Optional<Site> leadsTo() {
        return placement.flatMap(where -> switch (where) {
            case HERE -> Optional.of(site);
            case ELSEWHERE -> tunnel.filter(to -> to.edge().takesFrom(site));
        });
    }

    /** What comes out of a tunnel goes to this site's port, wherever the address leads. */
    private boolean takesFrom(Site other) {
        return placement.isPresent() && tunnel.filter(other::equals).isPresent();
    }

    @Override
    public String toString() {
        return "%s, tunnel to %s, announced %s"
                .formatted(
                        placement.map(Placement::name).orElse("nowhere"),
                        tunnel.map(to -> to.name().value()).orElse("nobody"),
                        announced.map(Preference::name).orElse("not at all"));
    }
}
