package io.godwit.quorum.sim;

import static io.godwit.quorum.sim.Chance.MILLI;
import static io.godwit.quorum.sim.Chance.SECOND;

import io.godwit.core.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The owner's side of the replication to one site: only what is durable here is sent there.
 *
 * <pre>
 *   owner                                     replica
 *   hello, term ───────────────────────────▶  refused, if it is an owner itself or knows a newer term
 *            ◀──────────────────────────────  what it holds, all durable
 *   turn back ─────────────────────────────▶  only if the histories have parted: what is beyond is set aside
 *   records, and the chain before them ────▶  taken, if they chain to what is there
 *            ◀──────────────────────────────  durable up to here
 * </pre>
 *
 * What is lost is sent again at the next pulse. After a silence the session is over, and another one begins.
 */
final class Shipment {
    private static final long PULSE = 500 * MILLI;
    private static final long SILENCE = 2 * SECOND;

    private final World world;
    private final Site owner;
    private final Site replica;
    private final Term term;
    private long session;
    private boolean following;
    private int sent;
    private int acknowledged;
    private long heardNanos;

    Shipment(World world, Site owner, Site replica, Term term) {
        this.world = world;
        this.owner = owner;
        this.replica = replica;
        this.term = term;
        hail();
        owner.later(PULSE, this::pulse);
    }

    /** Whether the replica is a copy of the log, and was heard of a moment ago. */
    boolean follows() {
        return following;
    }

    /** Whether the replica is known to have everything before that position on stable storage. */
    boolean covers(int position) {
        return following && acknowledged >= position;
    }

    private void pulse() {
        if (!owner.replicas().ships(this)) {
            return;
        }
        if (owner.now() - heardNanos > SILENCE) {
            following = false;
            hail();
        } else if (following) {
            send(acknowledged);
        }
        owner.later(PULSE, this::pulse);
    }

    private void hail() {
        heardNanos = owner.now();
        long fresh = world.chance().number();
        session = fresh;
        world.post(owner, replica, () -> replica.follower().hello(this, fresh, term));
    }

    /** The replica's answer to a hello, or to being turned back. */
    void holding(long of, List<Long> chain, Optional<Term> newest) {
        if (of != session || following) {
            return;
        }
        heardNanos = owner.now();
        int common = owner.store().journal().common(chain);
        if (common == chain.size()) {
            following = true;
            acknowledged = common;
            sent = common;
            send(common);
        } else if (newest.filter(theirs -> theirs.isOlderThan(term)).isPresent()) {
            world.post(owner, replica, () -> replica.follower().turnBack(this, of, chain, common));
        }
    }

    /** Sends on what has become durable. */
    void sendOn() {
        if (following && sent < durable()) {
            send(sent);
        }
    }

    private int durable() {
        Journal journal = owner.store().journal();
        return world.mutation() == Mutation.SHIPS_BEFORE_DURABLE ? journal.end() : journal.durable();
    }

    private void send(int from) {
        Journal journal = owner.store().journal();
        List<Written> records = new ArrayList<>();
        for (int position = from; position < durable(); position++) {
            records.add(journal.at(position));
        }
        sent = Math.max(sent, durable());
        long before = journal.chainAt(from);
        long of = session;
        world.post(owner, replica, () -> replica.follower().records(this, of, from, before, records));
    }

    /** The replica has everything before that position on stable storage. */
    void acknowledged(long of, int position) {
        if (of == session && following) {
            heardNanos = owner.now();
            acknowledged = Math.max(acknowledged, position);
            owner.replicas().settle();
        }
    }

    /** Says something back, if the replica can be heard. */
    void reply(Runnable what) {
        world.post(replica, owner, () -> {
            if (owner.replicas().ships(this)) {
                what.run();
            }
        });
    }
}
