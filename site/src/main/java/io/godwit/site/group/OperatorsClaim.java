package io.godwit.site.group;

import io.godwit.api.PointWish;
import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import io.godwit.core.posix.BootClock;
import io.godwit.quorum.Ownership;
import io.godwit.quorum.Readiness;
import io.godwit.quorum.TenureEvent;
import io.godwit.site.tenure.TenureDriver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An operator's decision that this site takes a group over, where voters decide: they must agree, and nobody vouches for anything. */
record OperatorsClaim(GroupAgent agent, Tenancy tenancy) {
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Returns when the failover has begun. */
    void make(Optional<PointWish> at, boolean acceptLoss) throws IOException, InterruptedException {
        FailoverSurvey.of(agent, at).requireFit(agent, acceptLoss);
        Ownership seen = tenancy.standing()
                .orElseThrow(() -> GroupAgent.refusal(
                        "the voters know of no group %s, as far as this site has heard".formatted(agent.name())));
        if (seen.owner().equals(self())) {
            throw GroupAgent.refusal("group %s is this site's already, in term %s: it is served while its lease lasts"
                    .formatted(agent.name(), seen.term()));
        }
        requireReplica(seen, acceptLoss);
        tenancy.wishPoint(at);
        long deadline = System.nanoTime() + PATIENCE.plus(seen.lease()).toNanos();
        while (!granted()) {
            if (System.nanoTime() > deadline) {
                tenancy.wishPoint(Optional.empty());
                throw refusal();
            }
            claim(acceptLoss);
            Thread.sleep(LOOK);
        }
        while (agent.failover().state().isEmpty() && agent.role() instanceof Following && !agent.left()) {
            Thread.sleep(LOOK);
        }
    }

    /** What the voters would say now, in sentences; nothing is left for anybody to vouch for. */
    List<String> risks() {
        if (granted()) {
            return List.of("the voters gave group %s to this site: no other one may run it".formatted(agent.name()));
        }
        List<String> risks = new ArrayList<>();
        risks.add(
                renewed()
                        ? "site %s renews its lease, and runs group %s: while it does, --yes is refused, and 'godwit migrate %s --to %s' moves the group"
                                .formatted(agent.peer(), agent.name(), agent.name(), self())
                        : "the lease of site %s is over: the voters decide, and nobody needs to vouch that it doesn't run group %s"
                                .formatted(agent.peer(), agent.name()));
        tenancy.standing().map(seen -> seen.standby(self())).ifPresent(replica -> {
            switch (replica) {
                case COMPLETE -> {}
                case BEHIND -> risks.add(lacking() + ": that takes --accept-loss as well");
                case UNFIT -> risks.add(unfit());
            }
        });
        return risks;
    }

    private SiteName self() {
        return agent.site().name();
    }

    private void requireReplica(Ownership seen, boolean acceptLoss) {
        Readiness replica = seen.standby(self());
        switch (replica) {
            case COMPLETE -> {}
            case BEHIND -> {
                if (!acceptLoss) {
                    throw renewed()
                            ? refusal()
                            : GroupAgent.refusal(lacking() + ": add --accept-loss to take the group all the same");
                }
            }
            case UNFIT -> throw GroupAgent.refusal(unfit());
        }
    }

    /** A replica that isn't complete may lack them, and in an async group mostly does. */
    private String lacking() {
        return "the replica of group %s may lack writes that were acknowledged".formatted(agent.name());
    }

    private String unfit() {
        return "the voters know of no replica of group %s here that could be started".formatted(agent.name());
    }

    private boolean granted() {
        return tenancy.serves();
    }

    private boolean renewed() {
        TenureDriver driver = tenancy.driver();
        return driver.watch().restNanos(driver.margins(), BootClock.nanos()) > 0;
    }

    private void claim(boolean acceptLoss) {
        TenureDriver driver = tenancy.driver();
        driver.watch().seen().filter(seen -> !seen.owner().equals(self())).ifPresent(seen -> {
            if (driver.watch().restNanos(driver.margins(), BootClock.nanos()) == 0) {
                boolean lossy = seen.standby(self()) != Readiness.COMPLETE;
                driver.enter(new TenureEvent.ClaimWish(seen, lossy && acceptLoss));
            }
        });
    }

    private GodwitException refusal() {
        return GroupAgent.refusal(
                renewed()
                        ? "site %s renews its lease: it runs group %s, ask it to move the group ('godwit migrate %s --to %s')"
                                .formatted(agent.peer(), agent.name(), agent.name(), self())
                        : "the voters did not let this site take group %s over in time: is a majority of them there?"
                                .formatted(agent.name()));
    }
}
