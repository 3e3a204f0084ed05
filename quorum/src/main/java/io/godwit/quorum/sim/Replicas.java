package io.godwit.quorum.sim;

import static io.godwit.quorum.sim.Chance.MILLI;
import static io.godwit.quorum.sim.Chance.SECOND;

import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.quorum.Ownership;
import io.godwit.quorum.Promises;
import io.godwit.quorum.QuorumAnswer;
import io.godwit.quorum.QuorumCommand;
import io.godwit.quorum.Readiness;
import io.godwit.quorum.SyncPromise.Mode;
import io.godwit.quorum.TenureEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/** What an owner does about its replicas: ships to them, has the voters know what they are good for, and lets writes be acknowledged. */
final class Replicas {
    private static final long WISH_AGAIN = 250 * MILLI;
    private static final long CATCH_UP = 2 * SECOND;
    private static final long LOOK = 20 * MILLI;
    private static final int QUEUE_DEPTH = 8;

    private final World world;
    private final Site site;
    private final Deque<Integer> waiting = new ArrayDeque<>();
    private final Map<SiteName, Shipment> shipments = new TreeMap<>();
    private final Map<SiteName, Long> followedNanos = new TreeMap<>();
    private final Map<SiteName, Long> wishedNanos = new TreeMap<>();
    private Promises promises = Promises.NONE;

    Replicas(World world, Site site) {
        this.world = world;
        this.site = site;
    }

    void begun(Ownership now) {
        promises = promises.begun(now);
    }

    /** The site serves the group in that term: from now on it ships, and nobody waits for who has not followed yet. */
    void begin(Term term) {
        end();
        site.store().promote(term);
        world.ledger().resumed(site.name(), site.store().journal());
        world.sitesBut(site).forEach(other -> shipments.put(other.name(), new Shipment(world, site, other, term)));
    }

    /** The group is another site's, or the process has ended. */
    void end() {
        shipments.clear();
        followedNanos.clear();
        waiting.clear();
    }

    /** What a daemon knew goes with it. */
    void forget() {
        end();
        promises = Promises.NONE;
        wishedNanos.clear();
    }

    boolean allFollow() {
        return !shipments.isEmpty() && shipments.values().stream().allMatch(Shipment::follows);
    }

    boolean ships(Shipment one) {
        return shipments.containsValue(one);
    }

    /** Has the voters asked, if that may be; what is rated complete must have all that was acknowledged before anybody waited for it. */
    void send(QuorumCommand command, Runnable ask) {
        if (command instanceof QuorumCommand.Rate rate) {
            promises = promises.sending(rate);
            if (rate.readiness() == Readiness.COMPLETE && world.mutation() != Mutation.RATED_TOO_EARLY) {
                int head = site.store().journal().end();
                askWhenCovered(rate.standby(), head, site.now() + CATCH_UP, ask);
                return;
            }
        }
        ask.run();
    }

    private void askWhenCovered(SiteName replica, int head, long deadline, Runnable ask) {
        Shipment shipment = shipments.get(replica);
        if (shipment == null || !keepsPromise(replica) || site.now() - deadline > 0) {
            return;
        }
        if (shipment.covers(head)) {
            ask.run();
        } else {
            site.later(LOOK, () -> askWhenCovered(replica, head, deadline, ask));
        }
    }

    void answered(QuorumCommand command, QuorumAnswer answer) {
        if (command instanceof QuorumCommand.Rate rate) {
            promises = promises.answered(rate, answer);
            settle();
        }
    }

    /** A guest writes, if it can and isn't waiting for too much; and the replicas are looked at. */
    void write() {
        if (site.served().isPresent() && site.mayWrite() && waiting.size() < QUEUE_DEPTH) {
            site.store().write(site.served().get());
            waiting.add(site.store().journal().end());
            site.store().sync(this::durable);
        }
        if (site.served().isPresent()) {
            shipments.forEach(this::look);
            settle();
        }
        site.later(world.chance().between(50 * MILLI, 300 * MILLI), this::write);
    }

    private void durable() {
        shipments.values().forEach(Shipment::sendOn);
        settle();
    }

    /** Acknowledges what may be, in the order in which a disk would look at it: the clock comes last. */
    void settle() {
        Journal journal = site.store().journal();
        while (!waiting.isEmpty() && waiting.peek() <= journal.durable() && kept(waiting.peek()) && site.mayWrite()) {
            int position = waiting.remove();
            world.ledger().acknowledged(position, journal.chainAt(position));
        }
    }

    private boolean kept(int position) {
        boolean kept = true;
        for (Map.Entry<SiteName, Shipment> to : shipments.entrySet()) {
            boolean covered = to.getValue().covers(position);
            if (covered || releases(to.getKey())) {
                kept &= keptAsPromised(to.getKey(), covered);
            } else {
                kept = false;
            }
        }
        return kept;
    }

    private boolean keptAsPromised(SiteName replica, boolean covered) {
        boolean kept = world.mutation() == Mutation.ACKNOWLEDGES_ALONE
                || switch (promises.mode(replica)) {
                    case ALONE -> true;
                    case TOGETHER -> covered;
                    case PARTING -> false;
                };
        if (!kept) {
            wish(replica, Readiness.BEHIND);
        }
        return kept;
    }

    /** Nobody waits for who has not followed since the group is served here, unless the voters believe in it. */
    private boolean releases(SiteName replica) {
        Long last = followedNanos.get(replica);
        boolean alone = last == null && promises.mode(replica) == Mode.ALONE;
        return alone || world.pledge().releases(last == null ? Long.MAX_VALUE : site.now() - last);
    }

    private boolean keepsPromise(SiteName replica) {
        Shipment shipment = shipments.get(replica);
        return shipment != null && shipment.follows() && world.pledge().waits();
    }

    private void look(SiteName replica, Shipment shipment) {
        Readiness known = site.node()
                .state()
                .find(World.GROUP)
                .map(now -> now.standby(replica))
                .orElse(Readiness.UNFIT);
        if (shipment.follows()) {
            followedNanos.put(replica, site.now());
        }
        if (keepsPromise(replica)) {
            if (known != Readiness.COMPLETE || promises.mode(replica) != Mode.TOGETHER) {
                wish(replica, Readiness.COMPLETE);
            }
        } else if (known == Readiness.UNFIT && shipment.follows()) {
            wish(replica, Readiness.BEHIND);
        } else if (known == Readiness.COMPLETE && !world.pledge().waits()) {
            wish(replica, Readiness.BEHIND);
        }
    }

    private void wish(SiteName replica, Readiness readiness) {
        long now = site.now();
        if (now - wishedNanos.getOrDefault(replica, now - WISH_AGAIN) >= WISH_AGAIN) {
            wishedNanos.put(replica, now);
            site.enter(new TenureEvent.RateWish(replica, readiness));
        }
    }
}
