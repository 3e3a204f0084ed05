package io.godwit.quorum.sim;

import static io.godwit.quorum.sim.Chance.MILLI;

import io.godwit.quorum.Detection;
import io.godwit.quorum.Evidence;
import io.godwit.quorum.Evidence.Answers;
import io.godwit.quorum.Evidence.Hearsay;
import io.godwit.quorum.Evidence.Lease;
import io.godwit.quorum.Ownership;
import io.godwit.quorum.Readiness;
import io.godwit.quorum.Response;
import io.godwit.quorum.Standing;
import io.godwit.quorum.TenureEvent;
import io.godwit.quorum.TenureState;
import io.godwit.quorum.Verdict;
import java.time.Duration;
import java.util.List;

/** The part of a site's daemon that looks at a group and wishes for something. */
final class Watcher {
    private final World world;
    private final Site site;
    private final Detection detection;

    Watcher(World world, Site site) {
        this.world = world;
        this.site = site;
        this.detection = new Detection(world.policy());
    }

    void watch() {
        switch (site.state()) {
            case TenureState.Away away -> site.watch().seen().ifPresentOrElse(this::look, this::found);
            case TenureState.Serving serving
            when site.store().hasFailed() && world.mutation() != Mutation.HOLDS_ON_WITHOUT_DISKS ->
                site.watch().seen().ifPresent(this::lookWithoutDisks);
            case TenureState.Offered offered
            when world.chance().happens(0.1) -> site.enter(new TenureEvent.WithdrawWish());
            default -> {}
        }
        long rest = site.watch().restNanos(site.margins(), site.now());
        long soon = world.chance().between(100 * MILLI, 250 * MILLI);
        site.later(rest > 0 ? Math.min(site.realNanos(rest) + MILLI, soon) : soon, this::watch);
    }

    /** The first site protects the group. */
    private void found() {
        if (site == world.sites().getFirst()
                && world.voters().stateAt(0).equals(site.node().state())) {
            site.enter(new TenureEvent.RegisterWish(World.FIRST, (int) World.LEASE.toMillis()));
        }
    }

    private void lookWithoutDisks(Ownership seen) {
        Evidence evidence = new Evidence(
                World.GROUP,
                site.name(),
                site.name(),
                Lease.LASTS,
                Answers.ANSWERS,
                Hearsay.HEARS_THE_OWNER,
                new Evidence.Machines.WithoutDisks("the disk has failed"),
                seen.completeBut(site.name()),
                Evidence.Probe.NOT_ASKED);
        Verdict verdict = detection.judge(evidence, Readiness.UNFIT, Duration.ZERO);
        if (verdict.response() instanceof Response.HandOver) {
            world.trace(verdict::sentence);
            site.enter(new TenureEvent.ReleaseWish());
        }
    }

    private void look(Ownership seen) {
        if (!site.store().isWhole() && world.mutation() != Mutation.CLAIMS_WITH_AN_EMPTY_DISK) {
            return;
        }
        boolean own = seen.owner().equals(site.name());
        boolean offered = seen.standing().equals(new Standing.Offered(site.name()));
        if (offered && hasAllOf(world.site(seen.owner()))) {
            if (world.chance().happens(0.5)) {
                site.enter(new TenureEvent.AcceptWish(seen));
            }
        } else if (own
                && seen.standing() instanceof Standing.Released
                && world.chance().happens(0.05)) {
            site.enter(new TenureEvent.ClaimWish(seen, false));
        } else if (!own && site.watch().restNanos(site.margins(), site.now()) == 0) {
            Verdict verdict = judge(seen);
            if (verdict.response() instanceof Response.ClaimHere) {
                world.trace(verdict::sentence);
                boolean lossy = seen.standby(site.name()) != Readiness.COMPLETE;
                site.enter(
                        new TenureEvent.ClaimWish(seen, lossy && world.policy().acceptingLoss()));
            }
        }
    }

    /** What the former owner says was its end is here, and on stable storage. */
    private boolean hasAllOf(Site from) {
        Journal end = from.store().journal();
        Journal ours = site.store().journal();
        return ours.durable() == end.end() && ours.holds(end.end(), end.chainAt(end.end()));
    }

    private Verdict judge(Ownership seen) {
        long since = site.watch().silentNanos(site.now()) - site.margins().waitOutNanos(seen.lease());
        Lease lease = world.voters().follows(site.node()) ? Lease.WAITED_OUT : Lease.UNKNOWN;
        Site owner = world.site(seen.owner());
        Evidence evidence = new Evidence(
                World.GROUP,
                site.name(),
                seen.owner(),
                lease,
                answers(owner),
                hearsay(owner),
                new Evidence.Machines.Unknown(),
                seen.completeBut(site.name()),
                Evidence.Probe.NOT_ASKED);
        return detection.judge(evidence, seen.standby(site.name()), Duration.ofNanos(Math.max(0, since)));
    }

    private Answers answers(Site owner) {
        if (world.links().talk(site.node(), owner.node())) {
            return Answers.ANSWERS;
        }
        boolean hostAnswers =
                !owner.node().isAlive() && owner.maySpeak() && world.links().hears(site.node(), owner.node());
        return hostAnswers ? Answers.REFUSES : Answers.SILENT;
    }

    private Hearsay hearsay(Site owner) {
        List<Node> others = world.nodes().stream()
                .filter(node -> !node.equals(site.node()) && !node.equals(owner.node()))
                .filter(node -> world.links().talk(site.node(), node))
                .toList();
        if (others.isEmpty()) {
            return Hearsay.NOT_ASKED;
        }
        return others.stream().anyMatch(node -> world.links().talk(node, owner.node()))
                ? Hearsay.HEARS_THE_OWNER
                : Hearsay.HEARS_NOTHING;
    }
}
