package io.godwit.quorum.sim;

import static io.godwit.quorum.sim.Chance.MILLI;
import static io.godwit.quorum.sim.Chance.SECOND;

import io.godwit.core.SiteName;
import io.godwit.quorum.sim.Edge.Placement;
import io.godwit.quorum.sim.Edge.Preference;
import java.util.Optional;

/** What a site's daemon has its edge do, step by step. Between any two of them it may be killed, and the edge keeps what it was told. */
final class Routes {
    private static final long RECHECK = 3 * SECOND;

    private final World world;
    private final Site site;
    private final Edge edge;
    private final Departure departure;

    /** What is written down: this site took the group over, and the other ones have not followed yet. */
    private boolean alone;

    private Optional<Site> incoming = Optional.empty();
    private Optional<Preference> wanted = Optional.empty();

    /** Counts up whenever something else is wanted: what was begun before is not gone on with. */
    private int turn;

    Routes(World world, Site site) {
        this.world = world;
        this.site = site;
        this.edge = new Edge(site);
        this.departure = new Departure(world, site, edge);
    }

    Edge edge() {
        return edge;
    }

    Departure departure() {
        return departure;
    }

    /** A daemon begins, and finds what an earlier one has left. */
    void start() {
        forget();
        if (!site.owns() && !departure.goOn()) {
            leave();
        }
        site.later(RECHECK, this::recheck);
    }

    /** What a daemon knew goes with it. */
    void forget() {
        turn++;
        wanted = Optional.empty();
        incoming = Optional.empty();
        departure.forget();
    }

    /** The group is served here: its address leads here, and that is announced. */
    void activate(boolean takenOver) {
        turn++;
        alone |= takenOver && incoming.isEmpty();
        Preference preference = alone || incoming.isPresent() ? Preference.TAKING_OVER : Preference.USUAL;
        next(() -> {
            if (!departure.takeBack() || world.mutation() != Mutation.STAYS_DIVERTED) {
                edge.attach(Placement.HERE);
            }
            next(() -> announce(preference));
        });
    }

    private void announce(Preference preference) {
        wanted = Optional.of(preference);
        edge.announce(preference);
    }

    /** The BGP speaker may have forgotten; and when everybody follows, the group is announced as usual. */
    private void recheck() {
        if (alone && site.replicas().allFollow()) {
            alone = false;
            wanted = wanted.map(now -> Preference.USUAL);
        }
        wanted.filter(now -> !edge.announced().equals(Optional.of(now))).ifPresent(edge::announce);
        site.later(RECHECK, this::recheck);
    }

    /** The group is another site's. */
    void giveWay(SiteName to) {
        turn++;
        wanted = Optional.empty();
        alone = false;
        if (!departure.settle(to)) {
            leave();
        }
    }

    private void leave() {
        next(() -> {
            edge.detach();
            edge.removeTunnel();
            if (world.mutation() != Mutation.NEVER_WITHDRAWS) {
                next(edge::withdraw);
            }
        });
    }

    /** A move from there is announced: its packets will find the machine's port here. */
    void prepare(Site from, Runnable ready) {
        if (site.owns() || departure.underWay()) {
            return;
        }
        turn++;
        incoming = Optional.of(from);
        edge.attach(Placement.ELSEWHERE);
        edge.prepareTunnel(from);
        site.later(Departure.LONGEST, () -> abandon(from));
        ready.run();
    }

    /** Nothing comes of a move from there, or the source has lost touch. */
    void abandon(Site from) {
        if (!site.owns() && incoming.filter(from::equals).isPresent()) {
            incoming = Optional.empty();
            leave();
        }
    }

    /** The source of a move that came here has withdrawn its announcement, and its tunnel is silent. */
    void closeTunnel(Site from) {
        if (site.owns() && incoming.filter(from::equals).isPresent()) {
            incoming = Optional.empty();
            edge.removeTunnel();
            wanted = wanted.map(now -> alone ? now : Preference.USUAL);
            wanted.ifPresent(edge::announce);
        }
    }

    /** Does something a moment later, unless something else is wanted by then. */
    private void next(Runnable what) {
        int of = turn;
        site.later(delay(), () -> {
            if (of == turn) {
                what.run();
            }
        });
    }

    private long delay() {
        return world.chance().scaled(MILLI, world.chance().happens(0.05) ? 2 * SECOND : 100 * MILLI);
    }
}
