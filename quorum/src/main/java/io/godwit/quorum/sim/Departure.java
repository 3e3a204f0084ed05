package io.godwit.quorum.sim;

import static io.godwit.quorum.sim.Chance.MILLI;
import static io.godwit.quorum.sim.Chance.SECOND;

import io.godwit.core.SiteName;
import io.godwit.quorum.TenureEvent;
import io.godwit.quorum.TenureState;
import io.godwit.quorum.sim.Edge.Placement;
import java.util.Optional;

/**
 * A move away from a site, as far as the network goes. Where it leads to is written down, so a daemon that is started anew goes on with it.
 *
 * <pre>
 *   prepare ──▶ tunnel at both ends ──▶ divert ──▶ offer ──┬─ taken: await the target's announcement, withdraw, await silence, close the tunnel
 *                                                          └─ not taken: the address leads here again
 * </pre>
 */
final class Departure {
    /** A move that has not come about by then has been given up. */
    static final long LONGEST = 8 * SECOND;

    private static final long ANNOUNCE_PATIENCE = 5 * SECOND;
    private static final long SILENCE = 1_500 * MILLI;

    /** What comes by the old way keeps the tunnel open. */
    private static final long LONGEST_TRAFFIC = 10 * SECOND;

    private static final long ASK_AGAIN = 200 * MILLI;
    private static final long TELL_AGAIN = SECOND;
    private static final long TELL_PATIENCE = 30 * SECOND;

    private final World world;
    private final Site site;
    private final Edge edge;
    private Optional<Site> to = Optional.empty();
    private boolean settling;

    /** This daemon is taking down what a move has left; until it is done no other one begins, from here or to here. */
    private boolean underWay;

    private boolean announced;
    private boolean told;

    Departure(World world, Site site, Edge edge) {
        this.world = world;
        this.site = site;
        this.edge = edge;
    }

    /** What a daemon was doing goes with it; where the move leads to is written down. */
    void forget() {
        underWay = false;
    }

    boolean underWay() {
        return underWay;
    }

    /** A daemon begins that follows; whether it has a move to go on with. */
    boolean goOn() {
        return to.filter(target -> settle(target.name())).isPresent();
    }

    void begin(Site target) {
        if (site.state() instanceof TenureState.Serving && to.isEmpty() && !underWay) {
            to = Optional.of(target);
            settling = false;
            world.post(site, target, () -> target.routes().prepare(site, () -> world.post(target, site, this::divert)));
            site.later(LONGEST, () -> {
                if (site.state() instanceof TenureState.Serving) {
                    takeBack();
                }
            });
        }
    }

    private void divert() {
        if (to.isPresent() && site.state() instanceof TenureState.Serving) {
            Site target = to.get();
            world.trace(() -> "%s diverts to %s".formatted(site.name(), target.name()));
            edge.prepareTunnel(target);
            edge.attach(Placement.ELSEWHERE);
            site.enter(new TenureEvent.OfferWish(target.name()));
        }
    }

    /** The group is served here again, or still; whether it was about to go. */
    boolean takeBack() {
        Optional<Site> target = settling && world.mutation() == Mutation.SETTLES_BLINDLY ? Optional.empty() : to;
        target.ifPresent(given -> {
            to = Optional.empty();
            edge.removeTunnel();
            world.post(site, given, () -> given.routes().abandon(site));
        });
        return target.isPresent();
    }

    /** Whether this is where the group has gone; then the routes follow it. */
    boolean settle(SiteName owner) {
        Optional<Site> target = to.filter(site -> site.name().equals(owner));
        settling = target.isPresent();
        announced = false;
        told = false;
        if (target.isEmpty()) {
            to = Optional.empty();
        } else if (!underWay) {
            underWay = true;
            awaitAnnouncement(target.get(), site.now() + ANNOUNCE_PATIENCE);
        }
        return target.isPresent();
    }

    private void awaitAnnouncement(Site target, long deadline) {
        if (isOver(target)) {
            underWay = false;
            return;
        }
        if (announced || site.now() - deadline > 0) {
            edge.withdraw();
            site.later(world.chance().scaled(SILENCE, LONGEST_TRAFFIC), () -> close(target));
            return;
        }
        world.post(site, target, () -> {
            boolean done = target.edge().announced().isPresent();
            world.post(target, site, () -> announced |= done);
        });
        site.later(ASK_AGAIN, () -> awaitAnnouncement(target, deadline));
    }

    private void close(Site target) {
        if (isOver(target)) {
            underWay = false;
            return;
        }
        edge.removeTunnel();
        edge.detach();
        to = Optional.empty();
        tell(target, site.now() + TELL_PATIENCE);
    }

    /** Whether the group has come back here meanwhile: then its routes are none of this move's business any more. */
    private boolean isOver(Site target) {
        return to.filter(target::equals).isEmpty() || (site.owns() && world.mutation() != Mutation.SETTLES_BLINDLY);
    }

    private void tell(Site target, long deadline) {
        if (!told && site.now() - deadline < 0) {
            world.post(site, target, () -> {
                target.routes().closeTunnel(site);
                world.post(target, site, () -> told = true);
            });
            site.later(TELL_AGAIN, () -> tell(target, deadline));
        } else {
            underWay = false;
        }
    }
}
