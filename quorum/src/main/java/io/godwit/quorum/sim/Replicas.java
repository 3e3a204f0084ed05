package io.godwit.quorum.sim;

import static io.godwit.quorum.sim.Chance.MILLI;

import io.godwit.quorum.Ownership;
import io.godwit.quorum.Promises;
import io.godwit.quorum.QuorumAnswer;
import io.godwit.quorum.QuorumCommand;
import io.godwit.quorum.Readiness;
import io.godwit.quorum.SyncPromise.Mode;
import io.godwit.quorum.TenureEvent;

/** A site's writes, counted; and what it does about the other sites' copies of them while it owns the group. */
final class Replicas {
    private final World world;
    private final Site site;
    private Promises promises = Promises.NONE;
    private long position;

    Replicas(World world, Site site) {
        this.world = world;
        this.site = site;
    }

    long position() {
        return position;
    }

    void begun(Ownership now) {
        promises = promises.begun(now);
    }

    /** What a daemon knew goes with it. */
    void forget() {
        promises = Promises.NONE;
    }

    /** The site has become the owner, or the owner again. */
    void begin() {
        world.ledger().resumed(site.name(), position);
    }

    void sending(QuorumCommand command) {
        if (command instanceof QuorumCommand.Rate rate) {
            promises = promises.sending(rate);
        }
    }

    void answered(QuorumCommand command, QuorumAnswer answer) {
        if (command instanceof QuorumCommand.Rate rate) {
            promises = promises.answered(rate, answer);
        }
    }

    /** A guest writes, if it can; what lets it is looked at in the order in which a disk would. */
    void write() {
        if (site.mayWrite()) {
            boolean acknowledged = true;
            boolean promised = false;
            for (Site other : world.sitesBut(site)) {
                Mode mode = follow(other);
                acknowledged &= mode != Mode.PARTING || world.mutation() == Mutation.ACKNOWLEDGES_ALONE;
                promised |= mode == Mode.TOGETHER;
            }
            if (acknowledged) {
                acknowledge(promised);
            }
        }
        site.later(world.chance().between(50 * MILLI, 300 * MILLI), this::write);
    }

    private void acknowledge(boolean promised) {
        position++;
        world.sitesBut(site).stream()
                .filter(other -> mode(other) == Mode.TOGETHER)
                .forEach(other -> other.replicas().position = position);
        if (promised) {
            world.ledger().promise(position);
        } else if (world.mutation() == Mutation.ACKNOWLEDGES_ALONE) {
            world.ledger().promise(position);
        }
    }

    private Mode mode(Site other) {
        return promises.mode(other.name());
    }

    private Mode follow(Site other) {
        boolean follows =
                world.links().talk(site.node(), other.node()) && other.served().isEmpty();
        switch (mode(other)) {
            case TOGETHER -> {
                if (!follows) {
                    rate(other, Readiness.BEHIND);
                }
            }
            case ALONE -> {
                if (follows && world.chance().happens(0.2)) {
                    catchUp(other);
                }
            }
            case PARTING -> {
                if (follows) {
                    catchUp(other);
                } else {
                    rate(other, Readiness.BEHIND);
                }
            }
        }
        return mode(other);
    }

    private void catchUp(Site other) {
        other.replicas().position = position;
        rate(other, Readiness.COMPLETE);
    }

    private void rate(Site other, Readiness readiness) {
        site.enter(new TenureEvent.RateWish(other.name(), readiness));
    }
}
