package io.godwit.quorum.sim;

import static io.godwit.quorum.sim.Chance.SECOND;

import io.godwit.core.SiteName;
import io.godwit.quorum.Readiness;
import io.godwit.quorum.TenureState;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** No site goes on with a loss while another one, which has been well for long enough to take over, lacks nothing. */
final class LossIsTheLastResort implements Invariant {
    /** A lease that is waited out anew, patience, and some attempts to be heard. */
    private static final long ENOUGH = 10 * SECOND;

    /** An election is no absence. */
    private static final long MOMENT = 2 * SECOND;

    private final Map<SiteName, Long> followed = new HashMap<>();
    private final Map<SiteName, Long> fitSince = new HashMap<>();
    private int seen;

    @Override
    public Optional<String> broken(World world) {
        if (world.sites().size() < 3) {
            return Optional.empty();
        }
        Optional<String> broken = Optional.empty();
        if (world.ledger().acceptedAt().size() > seen) {
            SiteName lossy = world.ledger().acceptedAt().get(seen++);
            broken = fitSince.entrySet().stream()
                    .filter(fit -> !fit.getKey().equals(lossy))
                    .filter(fit -> world.schedule().now() - fit.getValue() > ENOUGH)
                    .findFirst()
                    .map(fit ->
                            "%s goes on with a loss, and %s lacks nothing and was well".formatted(lossy, fit.getKey()));
        }
        for (Site site : world.sites()) {
            long now = world.schedule().now();
            if (world.voters().follows(site.node())) {
                followed.put(site.name(), now);
            }
            if (isFit(site) && now - followed.getOrDefault(site.name(), 0L) < MOMENT) {
                fitSince.putIfAbsent(site.name(), now);
            } else {
                fitSince.remove(site.name());
            }
        }
        return broken;
    }

    private static boolean isFit(Site site) {
        return site.node().isAwake()
                && site.store().isWhole()
                && (site.state() instanceof TenureState.Away || site.state() instanceof TenureState.Asking)
                && site.node()
                        .state()
                        .find(World.GROUP)
                        .filter(now -> now.standby(site.name()) == Readiness.COMPLETE)
                        .isPresent();
    }
}
