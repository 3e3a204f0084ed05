package io.godwit.quorum.sim;

import static io.godwit.quorum.sim.Chance.MILLI;
import static io.godwit.quorum.sim.Chance.SECOND;

import io.godwit.quorum.TenureEvent;
import java.util.List;

/** What goes wrong, and what users wish meanwhile. Everything is put right again in the end. */
final class Faults {
    private final World world;
    private final Chance chance;
    private final long most;
    private boolean over;

    Faults(World world) {
        this.world = world;
        this.chance = world.chance();
        this.most = chance.scaled(200 * MILLI, 8 * SECOND);
        next();
    }

    void end() {
        over = true;
        world.links().calm();
        world.wear().end();
        for (Node node : world.nodes()) {
            start(node);
            wake(node);
        }
    }

    private void next() {
        world.schedule().in(chance.scaled(30 * MILLI, most), () -> {
            if (!over) {
                switch (world.weather()) {
                    case STORM -> strike();
                    case LINK_AWAY ->
                        cut(world.sites().get(0).node(), world.sites().get(1).node(), 60 * SECOND);
                    case WITNESS_AWAY -> fell(world.nodes().getLast(), false);
                }
                next();
            }
        });
    }

    private void strike() {
        Node node = chance.one(world.nodes());
        switch (chance.below(13)) {
            case 0 -> fell(node, false);
            case 1 -> fell(node, true);
            case 2, 3 -> pause(node);
            case 4, 5 -> cut(node, chance.one(world.nodes()), 30 * SECOND);
            case 6 -> cutOneWay(node, chance.one(world.nodes()), 30 * SECOND);
            case 7 -> isolate(node);
            case 8 -> world.voters().deposeLeader();
            case 9 ->
                chance.one(world.sites())
                        .disturbClock(chance.scaled(MILLI, 20 * SECOND) * (chance.happens(0.5) ? 1 : -1));
            case 10, 11 -> wish(chance.one(world.sites()));
            case 12 -> forgetRoutes(chance.one(world.sites()));
            default -> throw new IllegalStateException("there are thirteen");
        }
    }

    /** Users wish for a move, now and then just before the daemon dies and comes back. */
    private void wish(Site site) {
        List<Site> others = world.sitesBut(site);
        if (chance.happens(0.3)) {
            world.schedule().in(chance.scaled(MILLI, SECOND), () -> fell(site.node(), false));
            world.schedule().in(chance.scaled(SECOND, 2 * SECOND), () -> start(site.node()));
        }
        site.later(0, () -> {
            Site to = chance.one(others);
            switch (chance.below(5)) {
                case 0 -> site.enter(new TenureEvent.ReleaseWish());
                case 1, 2 -> site.enter(new TenureEvent.OfferWish(to.name()));
                default -> site.routes().departure().begin(to);
            }
        });
    }

    private void forgetRoutes(Site site) {
        world.trace(() -> "the BGP speaker of %s is started anew".formatted(site.name()));
        site.edge().withdraw();
    }

    private void fell(Node node, boolean power) {
        world.trace(() -> "%s %s".formatted(node.name(), power ? "loses power" : "is killed"));
        world.siteAt(node).ifPresentOrElse(site -> site.kill(power), node::kill);
        later(20 * SECOND, () -> start(node));
    }

    private void start(Node node) {
        world.siteAt(node).ifPresentOrElse(Site::start, node::start);
    }

    private void pause(Node node) {
        world.trace(() -> "%s is paused".formatted(node.name()));
        node.pause();
        later(20 * SECOND, () -> wake(node));
    }

    private void wake(Node node) {
        world.trace(() -> "%s wakes".formatted(node.name()));
        world.siteAt(node).ifPresentOrElse(Site::wake, node::wake);
    }

    private void cut(Node one, Node other, long atMost) {
        cutOneWay(one, other, atMost);
        cutOneWay(other, one, atMost);
    }

    private void cutOneWay(Node from, Node to, long atMost) {
        world.trace(() -> "%s doesn't hear %s".formatted(to.name(), from.name()));
        world.links().cut(from.number(), to.number(), true);
        later(atMost, () -> world.links().cut(from.number(), to.number(), false));
    }

    private void isolate(Node node) {
        for (Node other : world.nodes()) {
            if (!other.equals(node)) {
                cut(node, other, 30 * SECOND);
            }
        }
    }

    private void later(long atMost, Runnable what) {
        world.schedule().in(chance.scaled(50 * MILLI, atMost), what);
    }
}
