package io.godwit.site.group;

import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.migration.FailoverEvent;
import io.godwit.migration.FailoverPort;
import io.godwit.migration.FailoverState;
import io.godwit.network.Preference;
import io.godwit.replication.ModeChange;
import io.godwit.replication.ReplicationStatus;
import io.godwit.volume.GroupStore;
import io.godwit.volume.TermStart;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** What a failover does at its site. Each act takes the group's lock, and looks first whether the group is still this site's. */
final class FailoverActs implements FailoverPort {
    private static final long POLL_MILLIS = 50;
    private static final Duration CATCH_UP = Duration.ofMinutes(10);

    private final GroupAgent agent;
    private final FailoverMeasures measures;

    FailoverActs(GroupAgent agent, FailoverMeasures measures) {
        this.agent = agent;
        this.measures = measures;
    }

    /** What an earlier daemon had decided stands, unless the other site has a newer term: it is asked before anything goes on. */
    void standBack(FailoverState recalled) throws IOException, InterruptedException {
        switch (recalled) {
            case FailoverState.Promoting _, FailoverState.Booting _, FailoverState.Announcing _ -> {
                if (agent.tenancy().isPresent()) {
                    awaitTenure(agent.tenancy().get(), agent.record().term());
                } else if (!agent.watch().sure()) {
                    agent.watch().askOnce();
                }
                agent.watch().beSure();
            }
            case FailoverState.Deciding _,
                    FailoverState.Alone _,
                    FailoverState.Completed _,
                    FailoverState.GivenUp _,
                    FailoverState.Replaced _ -> {}
        }
    }

    /** Until the voters let this site serve the group again, or another site has it. */
    private void awaitTenure(Tenancy tenancy, Term term) throws InterruptedException {
        while (owned(term) && !tenancy.serves()) {
            rest();
        }
    }

    private boolean owned(Term term) {
        return agent.record().owner().equals(agent.site().name())
                && agent.record().term().equals(term);
    }

    private interface Act {
        FailoverEvent run() throws IOException, InterruptedException;
    }

    private FailoverEvent whileOwned(Term term, Act act) throws InterruptedException {
        agent.changing().lock();
        try {
            return owned(term) ? act.run() : new FailoverEvent.Overtaken();
        } catch (IOException failed) {
            throw GroupFailover.unchecked(failed);
        } finally {
            agent.changing().unlock();
        }
    }

    @Override
    public FailoverEvent decide(Term term) {
        agent.changing().lock();
        try {
            switch (agent.role()) {
                case Serving waiting -> save(term);
                case Following following -> {
                    agent.target().abandonIncoming(following);
                    following.replica().close();
                    decide(following, term);
                }
            }
            agent.watch().beSure();
            return new FailoverEvent.Decided();
        } finally {
            agent.changing().unlock();
        }
    }

    private void decide(Following following, Term term) {
        try {
            if (!following.replica().status().consistent()) {
                throw GroupAgent.refusal("the replica has just stopped being a complete copy");
            }
            save(term);
        } catch (RuntimeException refused) {
            if (lookUp(term) instanceof FailoverEvent.Refused) {
                agent.become(agent.opening().reopened(following));
                throw refused;
            }
        }
    }

    private void save(Term term) {
        agent.save(agent.record().ownedBy(agent.site().name(), term));
    }

    @Override
    public FailoverEvent lookUp(Term term) {
        boolean decided = agent.files()
                .record()
                .filter(record -> record.owner().equals(agent.site().name()))
                .filter(record -> record.term().equals(term))
                .isPresent();
        return decided
                ? new FailoverEvent.Decided()
                : new FailoverEvent.Refused("the daemon was stopped before it was decided");
    }

    @Override
    public FailoverEvent promote(Term term, Optional<Position> at) throws InterruptedException {
        return whileOwned(term, () -> {
            Serving serving = switch (agent.role()) {
                case Serving own -> own;
                case Following following ->
                    agent.opening().takingOver(following, agent.memory().standby(), at);
            };
            agent.become(serving);
            Resumption.of(agent).keepOnlyAt(serving, at);
            GroupStore store = serving.store();
            if (store.term().isOlderThan(term)) {
                store.promote(term);
            }
            measures.moment("disks may be written");
            if (at.isPresent()) {
                agent.rewinder().decide(serving, at.get());
            }
            return new FailoverEvent.Promoted(beginOf(term, store));
        });
    }

    /** Where the term's first record is: what is before was taken over. */
    private static Position beginOf(Term term, GroupStore store) {
        return store.terms().stream()
                .filter(start -> start.term().equals(term))
                .map(TermStart::start)
                .map(io.godwit.volume.LogEnd::position)
                .findFirst()
                .orElseGet(store::head);
    }

    @Override
    public FailoverEvent boot(Term term) throws InterruptedException {
        return whileOwned(term, () -> {
            Serving serving = (Serving) agent.role();
            Resumption resumption = Resumption.of(agent);
            measures.resumed(resumption.load(serving, term, measures.resuming()));
            agent.upkeep().activate(serving, term, Preference.TAKING_OVER);
            resumption.done();
            measures.moment("machines run");
            return new FailoverEvent.Booted();
        });
    }

    @Override
    public FailoverEvent announce(Term term) throws InterruptedException {
        while (owned(term)) {
            if (agent.role() instanceof Serving serving && serving.announced()) {
                measures.moment("addresses announced");
                return new FailoverEvent.Announced();
            }
            rest();
        }
        return new FailoverEvent.Overtaken();
    }

    @Override
    public FailoverEvent awaitFollower(Term term) throws InterruptedException {
        while (owned(term)) {
            if (agent.role() instanceof Serving serving && caughtUp(serving) && settled(serving)) {
                return new FailoverEvent.Followed();
            }
            rest();
        }
        return new FailoverEvent.Overtaken();
    }

    private static boolean caughtUp(Serving serving) {
        ReplicationStatus now = serving.replicator().status();
        return now.connected() && now.seeded();
    }

    /** From here on the group's mode is in force as it was before the owner was lost, and the route is announced as usual. */
    private boolean settled(Serving serving) throws InterruptedException {
        serving.prefer(Preference.USUAL);
        ModeChange change =
                serving.replicator().become(Modes.policy(agent.record().mode()), CATCH_UP, forecast -> {});
        return change.done();
    }

    private void rest() throws InterruptedException {
        if (!measures.rest(POLL_MILLIS)) {
            throw new InterruptedException("the site is stopping");
        }
    }
}
