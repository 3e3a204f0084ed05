package io.godwit.quorum.sim;

import static io.godwit.quorum.sim.Chance.MILLI;
import static io.godwit.quorum.sim.Chance.SECOND;

import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.quorum.FailoverPolicy;
import io.godwit.quorum.Margins;
import io.godwit.quorum.QuorumCommand;
import io.godwit.quorum.QuorumState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Everything there is in one run. */
final class World {
    static final GroupName GROUP = new GroupName("shop");
    static final Term FIRST = Term.FIRST;
    static final Duration LEASE = Duration.ofSeconds(3);

    private final Chance chance;
    private final Weather weather;
    private final Mutation mutation;
    private final Schedule schedule = new Schedule();
    private final Ledger ledger = new Ledger();
    private final Wear wear;
    private final Histories histories = new Histories();
    private final FailoverPolicy policy;
    private final Pledge pledge;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Site> sites = new ArrayList<>();
    private final Map<SiteName, List<Site>> others = new HashMap<>();
    private final Links links;
    private final Voters voters;
    private final Consumer<String> trace;
    private final boolean aloud;

    World(long seed, Weather weather, Mutation mutation, Consumer<String> trace) {
        this.chance = new Chance(seed);
        this.weather = weather;
        this.wear = new Wear(seed, weather);
        this.mutation = mutation;
        this.trace = trace;
        this.aloud = !trace.equals(Run.SILENT);
        boolean rude = mutation == Mutation.NO_DEFERENCE; // Which matters only where a third site accepts loss.
        Duration deference = rude ? Duration.ZERO : FailoverPolicy.DEFAULT.deference();
        this.policy = new FailoverPolicy(true, rude || chance.happens(0.3), Duration.ofSeconds(3), deference, 3);
        this.pledge = anyPledge();
        boolean many = weather == Weather.STORM && (rude || chance.happens(0.3));
        int sitesCount = many ? 2 + (rude ? 1 : chance.below(2)) : 2;
        int witnesses = many ? (sitesCount == 3 ? 2 * chance.below(2) : 3) : 1;
        for (int number = 0; number < sitesCount + witnesses; number++) {
            String name =
                    number < sitesCount ? "site-" + (char) ('a' + number) : "witness-" + (number - sitesCount + 1);
            nodes.add(new Node(new SiteName(name), number));
        }
        this.links = new Links(nodes.size(), chance, weather, mutation);
        this.voters = new Voters(this, nodes);
        Margins margins = margins(mutation);
        for (Node node : nodes.subList(0, sitesCount)) {
            double rate = 1 + chance.one(List.of(-0.0099, 0.0, 0.0099));
            sites.add(new Site(this, node, new Clock(rate, chance.between(-100 * SECOND, 100 * SECOND)), margins));
        }
    }

    private Pledge anyPledge() {
        boolean waits = weather != Weather.STORM || chance.happens(0.85);
        return new Pledge(
                waits, chance.happens(0.2) ? Optional.empty() : Optional.of(chance.scaled(10 * MILLI, 5 * SECOND)));
    }

    private static Margins margins(Mutation mutation) {
        Margins right = Margins.of(LEASE);
        return mutation == Mutation.NO_CLOCK_MARGIN
                ? new Margins(right.renewEvery(), right.stop(), Duration.ZERO, 0)
                : right;
    }

    /** What the voters apply of a command. */
    QuorumCommand mutate(QuorumState state, QuorumCommand command) {
        return mutation == Mutation.NONE ? command : Tampering.with(mutation, state, command);
    }

    Chance chance() {
        return chance;
    }

    Weather weather() {
        return weather;
    }

    Mutation mutation() {
        return mutation;
    }

    Schedule schedule() {
        return schedule;
    }

    Ledger ledger() {
        return ledger;
    }

    Wear wear() {
        return wear;
    }

    Histories histories() {
        return histories;
    }

    Pledge pledge() {
        return pledge;
    }

    FailoverPolicy policy() {
        return policy;
    }

    Links links() {
        return links;
    }

    Voters voters() {
        return voters;
    }

    List<Node> nodes() {
        return nodes;
    }

    List<Site> sites() {
        return sites;
    }

    List<Site> sitesBut(Site one) {
        return others.computeIfAbsent(
                one.name(),
                name -> sites.stream().filter(site -> !site.name().equals(name)).toList());
    }

    Site site(SiteName name) {
        return sites.stream()
                .filter(site -> site.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    Optional<Site> siteAt(Node node) {
        return sites.stream().filter(site -> site.node().equals(node)).findFirst();
    }

    /** Sends a message, which may be lost, late, doubled, and overtaken by others; what hears it is what runs there by then. */
    void post(Site from, Site to, Runnable arrival) {
        if (links.hears(to.node(), from.node()) && !links.loses()) {
            schedule.in(links.delay(), () -> to.receive(arrival));
            if (links.strays()) {
                schedule.in(links.delay(), () -> to.receive(arrival));
            }
        }
    }

    void trace(Supplier<String> line) {
        if (aloud) {
            trace.accept("%10.3f s  %s".formatted(schedule.now() / (double) SECOND, line.get()));
        }
    }
}
