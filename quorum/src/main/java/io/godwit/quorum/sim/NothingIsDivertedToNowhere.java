package io.godwit.quorum.sim;

import static io.godwit.quorum.sim.Chance.MILLI;
import static io.godwit.quorum.sim.Chance.SECOND;

import io.godwit.core.SiteName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * No edge leads the group's packets to nowhere, or to a site that doesn't serve it, for longer than it takes to put that right. Time in which the
 * group isn't served, or the edge's own site isn't well, doesn't count; and the site that serves the group announces it.
 */
final class NothingIsDivertedToNowhere implements Invariant {
    /** To hear of a new owner, to give way, to wait for its announcement and for a tunnel's silence; each of it slowly. */
    private static final long ENOUGH = 20 * SECOND;

    /** An election is no absence. */
    private static final long MOMENT = 2 * SECOND;

    private static final long LOOK = 100 * MILLI;

    private final Map<SiteName, Long> followed = new HashMap<>();
    private final Map<SiteName, Long> rightAt = new HashMap<>();
    private Optional<Site> owner = Optional.empty();
    private long looked;

    @Override
    public Optional<String> broken(World world) {
        long now = world.schedule().now();
        if (now - looked < LOOK) {
            return Optional.empty();
        }
        looked = now;
        Optional<Site> serving = world.sites().stream().filter(Site::mayWrite).findFirst();
        boolean same = serving.isPresent() && serving.equals(owner);
        owner = serving;
        return world.sites().stream()
                .flatMap(site -> look(world, site, same, now).stream())
                .findFirst();
    }

    private Optional<String> look(World world, Site site, boolean same, long now) {
        if (world.voters().follows(site.node())) {
            followed.put(site.name(), now);
        }
        boolean well = site.node().isAwake() && !site.isIdle() && now - followed.getOrDefault(site.name(), 0L) < MOMENT;
        Optional<String> fault = same && well ? fault(site, owner.orElseThrow()) : Optional.empty();
        if (fault.isEmpty()) {
            rightAt.put(site.name(), now);
        }
        return now - rightAt.getOrDefault(site.name(), now) > ENOUGH ? fault : Optional.empty();
    }

    /** What is wrong with a site's edge while the group is served there. */
    static Optional<String> fault(Site site, Site owner) {
        Edge edge = site.edge();
        boolean right = edge.carries() ? edge.leadsTo().filter(owner::equals).isPresent() : !site.equals(owner);
        boolean announced = !site.equals(owner) || edge.announced().isPresent();
        return right && announced
                ? Optional.empty()
                : Optional.of("the group is served at %s, but the edge of %s leads %s: %s"
                        .formatted(
                                owner.name(),
                                site.name(),
                                edge.leadsTo().map(to -> "to " + to.name()).orElse("nowhere"),
                                edge));
    }
}
