package io.godwit.site.group;

import io.godwit.api.ReplicationMode;
import io.godwit.core.GodwitException;
import io.godwit.core.Term;
import io.godwit.migration.HandOver;
import io.godwit.migration.Standing;
import io.godwit.migration.Standing.Verdict;
import io.godwit.network.Ipv4Address;
import io.godwit.replication.Replica;
import io.godwit.replication.ReplicationLimits;
import io.godwit.site.files.GroupRecord;
import io.godwit.site.guests.Guests;
import io.godwit.site.guests.Ports;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What a site does when it learns that another one owns the group in a newer term. */
final class Succession {
    private static final Logger LOG = System.getLogger(Succession.class.getName());
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final GroupAgent agent;

    Succession(GroupAgent agent) {
        this.agent = agent;
    }

    /**
     * Ends everything that serves the group here and follows the new owner; when this returns, nobody writes here. What this
     * site had accepted and never shipped is set aside when the new owner ships its log. A move that has been offered ends by
     * itself: who asks about it learns that the group was taken.
     */
    void giveWay(Standing theirs) throws IOException, InterruptedException {
        agent.changing().lock();
        try {
            boolean moving = agent.move().filter(move -> !move.hasEnded()).isPresent();
            if (moving || agent.standing().against(theirs) != Verdict.REPLACED) {
                return;
            }
            switch (agent.role()) {
                case Serving serving -> giveWay(serving, theirs);
                case Following following -> {
                    agent.memory().standby().dismiss();
                    following.replica().close();
                    agent.save(agent.record().ownedBy(theirs.owner(), theirs.term()));
                    agent.become(agent.opening().reopened(following));
                }
            }
        } finally {
            agent.changing().unlock();
        }
    }

    private void giveWay(Serving serving, Standing theirs) throws IOException, InterruptedException {
        String sentence =
                "%s has taken the group over in term %s, at %s: this site no longer serves it, and becomes the replica"
                        .formatted(theirs.owner(), theirs.term(), Instant.now().truncatedTo(ChronoUnit.SECONDS));
        LOG.log(Level.WARNING, "group {0}: {1}", agent.name(), sentence);
        serving.chronicle().hush();
        try {
            fence(serving.store());
        } finally {
            serving.guests().kill();
        }
        agent.save(agent.record().ownedBy(theirs.owner(), theirs.term()));
        agent.rewinder().drop();
        agent.history().forgetFrozen();
        serving.replicator().close();
        GroupStore store = serving.retire();
        agent.become(new Following(
                new Replica(
                        agent.name(),
                        store,
                        ReplicationLimits.DEFAULT,
                        GroupHistory.window(agent.record().bounds())),
                sentence));
        serving.ports().detach();
        withdrawRoutes();
    }

    /** A store whose storage has failed writes nothing any more, and can't even be fenced. */
    private static void fence(GroupStore store) throws IOException {
        if (store.status().failure().isEmpty()) {
            store.fence();
        }
    }

    /**
     * Ends what a move towards this site may have left, if it was cut off.
     *
     * @param routesInUse by a move that goes on
     */
    void clearAway(boolean routesInUse) throws IOException, InterruptedException {
        GroupRecord record = agent.record();
        if (record.handOver().orElse(null) instanceof HandOver.Undecided undecided) {
            agent.refuse(new HandOver.Refused(
                    undecided.move(), "the target's daemon was restarted in the middle of the move"));
        }
        boolean waiting = agent.memory().standby().waits();
        if (!waiting) {
            new Guests(agent.files(), record).killLeftovers();
        }
        if (!routesInUse) {
            if (!waiting) {
                new Ports(agent.site().edge(), record.definition()).detach();
            }
            withdrawRoutes();
        }
    }

    /**
     * Withdraws what this daemon, or an earlier one that was ended in the middle of giving way, has announced. The owner's routes are preferred only
     * until this site follows; so these have to go.
     */
    void withdrawRoutes() {
        List<Ipv4Address> addresses =
                new Ports(agent.site().edge(), agent.record().definition()).addresses();
        Thread.ofVirtual().name("withdraw-" + agent.name()).start(() -> withdraw(addresses));
    }

    private void withdraw(List<Ipv4Address> addresses) {
        Level level = Level.WARNING;
        boolean gone = false;
        while (!gone && agent.role() instanceof Following && !agent.left()) {
            try {
                addresses.forEach(this::withdraw);
                gone = true;
            } catch (GodwitException failed) {
                LOG.log(level, "group {0}: {1}", agent.name(), failed.sentence());
                level = Level.DEBUG;
                gone = !rested();
            }
        }
    }

    private void withdraw(Ipv4Address address) {
        agent.site().edge().speaker().withdraw(address);
    }

    private static boolean rested() {
        try {
            Thread.sleep(RETRY);
            return true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Keeps what a follower must know if its owner is lost. */
    void note(Term term, ReplicationMode mode) {
        GroupRecord known = agent.record();
        if (!known.term().isOlderThan(term) && known.mode().equals(mode)) {
            return;
        }
        if (!agent.changing().tryLock()) {
            return;
        }
        try {
            GroupRecord now = agent.record();
            boolean following = agent.role() instanceof Following followed
                    && followed.incoming().isEmpty();
            if (following && !now.owner().equals(agent.site().name())) {
                Term newest = now.term().isOlderThan(term) ? term : now.term();
                agent.save(now.ownedBy(now.owner(), newest).with(mode));
            }
        } finally {
            agent.changing().unlock();
        }
    }
}
