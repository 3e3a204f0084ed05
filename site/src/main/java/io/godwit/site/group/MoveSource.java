package io.godwit.site.group;

import io.godwit.api.MoveOptions;
import io.godwit.api.MoveReport;
import io.godwit.api.ReplicationMode;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.migration.MoveId;
import io.godwit.migration.MoveRecord;
import io.godwit.migration.MoveState;
import io.godwit.migration.Phase;
import io.godwit.network.Preference;
import io.godwit.replication.Replica;
import io.godwit.replication.ReplicationLimits;
import io.godwit.site.move.ActiveMove;
import io.godwit.site.move.MoveSetting;
import io.godwit.site.move.SavedMove;
import io.godwit.volume.ApplyHold;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a site does as the source of moves: begins them, and changes its role as they go on. */
public final class MoveSource implements MoveSetting.Owner {
    private static final Logger LOG = System.getLogger(MoveSource.class.getName());
    private static final Duration TAKEN_DOWN_POLL = Duration.ofMillis(20);
    private static final Duration LINKED_WITHIN = Duration.ofSeconds(3);
    private static final Duration LINK_POLL = Duration.ofMillis(20);

    private final GroupAgent agent;
    private volatile @Nullable ActiveMove move;
    private volatile Optional<ReplicationMode> former = Optional.empty();
    private volatile Optional<MoveId> takenDown = Optional.empty();

    MoveSource(GroupAgent agent) {
        this.agent = agent;
    }

    /** Goes on with a move that an earlier daemon had begun. */
    void resume(SavedMove unfinished) {
        move = ActiveMove.resume(setting(), unfinished);
    }

    MoveSetting setting() {
        Optional<Serving> serving = agent.role() instanceof Serving now ? Optional.of(now) : Optional.empty();
        return new MoveSetting(agent.site(), agent.files(), agent.record(), serving, this);
    }

    /** Begins to move the group away; refuses if it doesn't run here or can't go there. */
    public ActiveMove migrate(SiteName to, MoveOptions options) {
        awaitLink();
        agent.changing().lock();
        try {
            requireMovable(to, options);
            MoveRecord fresh = new MoveRecord(
                    MoveId.fresh(), agent.name(), agent.site().name(), to, new MoveState.Preparing(Set.of()));
            agent.target().forgetArrival();
            ActiveMove begun = ActiveMove.begin(setting(), fresh, options);
            move = begun;
            return begun;
        } finally {
            agent.changing().unlock();
        }
    }

    /** A group that has come here a moment ago has its link to the other site in a moment. */
    private void awaitLink() {
        long end = System.nanoTime() + LINKED_WITHIN.toNanos();
        try {
            while (agent.role() instanceof Serving serving
                    && serving.trouble().isEmpty()
                    && !serving.replicator().status().connected()
                    && System.nanoTime() < end) {
                Thread.sleep(LINK_POLL);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Why the group can't be moved now, or nothing. */
    Optional<String> obstacle(SiteName to, MoveOptions options) {
        try {
            requireMovable(to, options);
            return Optional.empty();
        } catch (GodwitException refused) {
            return Optional.of(refused.sentence());
        }
    }

    /**
     * The present mode is for this site alone: whoever takes the group replicates it as it was before. So it stays until another mode is
     * asked for, or the group is another site's.
     */
    void giveBack(ReplicationMode before) {
        former = Optional.of(before);
    }

    /** Somebody has asked for a mode, and means it. */
    void keepMode() {
        former = Optional.empty();
    }

    /** The mode that the group has when it is another site's. */
    ReplicationMode modeElsewhere() {
        return former.orElse(agent.record().mode());
    }

    private void requireMovable(SiteName to, MoveOptions options) {
        options.linger().ifPresent(MoveSource::requirePhase);
        ActiveMove active = move;
        if (active != null && !active.phase().ended()) {
            throw GroupAgent.refusal("group %s is being moved to %s already"
                    .formatted(agent.name(), active.move().to()));
        }
        agent.history().requireThawed();
        if (agent.rewinder().pending()) {
            throw GroupAgent.refusal("a rewind of group %s is not finished yet".formatted(agent.name()));
        }
        if (to.equals(agent.record().owner())) {
            throw GroupAgent.refusal("group %s is at %s already".formatted(agent.name(), to));
        }
        if (!(agent.role() instanceof Serving serving)) {
            throw GroupAgent.refusal("group %s runs at %s: ask that site to move it"
                    .formatted(agent.name(), agent.record().owner()));
        }
        if (!to.equals(agent.peer())) {
            throw GroupAgent.refusal(
                    "group %s is replicated to %s, not to %s".formatted(agent.name(), agent.peer(), to));
        }
        if (!options.dropsScratch()) {
            serving.requireBlankScratch();
        }
        serving.essential().requireGiven();
        if (!serving.replicator().status().connected()) {
            throw GroupAgent.refusal("site %s cannot be reached now%s"
                    .formatted(to, serving.trouble().isEmpty() ? "" : ": " + serving.trouble()));
        }
        agent.watch().requireServed();
        agent.tenancy()
                .ifPresent(tenancy -> tenancy.requireTenure(agent.record().term()));
        if (agent.failover().alone()) {
            throw GroupAgent.refusal("group %s was taken over, and %s has not caught up yet: move it when it has"
                    .formatted(agent.name(), agent.peer()));
        }
    }

    private static void requirePhase(String word) {
        for (Phase phase : Phase.values()) {
            if (phase.word().equals(word)) {
                return;
            }
        }
        throw new GodwitException(ErrorCode.BAD_INPUT, "'%s' is not a phase of a move".formatted(word));
    }

    public Optional<ActiveMove> move() {
        return Optional.ofNullable(move);
    }

    /** The report of the last move away from here. */
    public Optional<MoveReport> lastReport() {
        return agent.files().move().map(SavedMove::soFar);
    }

    @Override
    public MoveSetting.Followed follow(Term term, Position end, boolean hold) throws InterruptedException {
        agent.changing().lock();
        try {
            if (agent.role() instanceof Serving serving) {
                if (isVoted()) {
                    serving.store().fence();
                }
                agent.save(
                        former.map(agent.record()::with).orElse(agent.record()).ownedBy(agent.peer(), term));
                keepMode();
                GroupStore store = serving.retire();
                Optional<ApplyHold> held = hold ? stopAt(store, end) : Optional.empty();
                agent.become(new Following(new Replica(
                        agent.name(),
                        store,
                        ReplicationLimits.DEFAULT,
                        GroupHistory.window(agent.record().bounds()))));
                return new MoveSetting.Followed(store, held);
            }
            Following following = (Following) agent.role();
            GroupStore store = following.replica().store().orElseThrow();
            return new MoveSetting.Followed(store, Optional.empty());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            agent.changing().unlock();
        }
    }

    @Override
    public void whileGone(Runnable change) {
        agent.changing().lock();
        try {
            boolean gone = agent.role() instanceof Following following
                    && following.incoming().isEmpty();
            if (gone) {
                change.run();
            } else {
                LOG.log(Level.INFO, "group {0} is no longer as the move left it: its routes stay", agent.name());
            }
        } finally {
            agent.changing().unlock();
        }
    }

    @Override
    public void takenDown(MoveId gone) {
        takenDown = Optional.of(gone);
    }

    /** Whether nothing is left here of the last move's routes and tunnel, whose names are those of the next one's, or soon nothing will be. */
    boolean awaitTakenDown(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (standing()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(TAKEN_DOWN_POLL);
        }
        return true;
    }

    private boolean standing() {
        ActiveMove last = move;
        return last != null
                && !last.hasEnded()
                && !takenDown.equals(Optional.of(last.move().id()));
    }

    @Override
    public ReplicationMode mode() {
        agent.changing().lock();
        try {
            return modeElsewhere();
        } finally {
            agent.changing().unlock();
        }
    }

    @Override
    public boolean isVoted() {
        return agent.tenancy().isPresent();
    }

    @Override
    public void offerTo(SiteName site) throws InterruptedException {
        if (agent.tenancy().isPresent()) {
            agent.tenancy().get().offer(site);
        }
    }

    @Override
    public void serveAgain() throws InterruptedException {
        if (agent.tenancy().isPresent()) {
            agent.tenancy().get().goOn();
        }
        agent.changing().lock();
        try {
            Serving serving = (Serving) agent.role();
            boolean fenced = serving.store().role() == io.godwit.volume.Role.REPLICA;
            if (fenced) {
                // The offered term may have been refused but was used; the one after it is ours alone.
                agent.save(agent.record()
                        .ownedBy(
                                agent.site().name(),
                                agent.record().term().next().next()));
            }
            if (agent.mayServe()) {
                agent.upkeep().activate(serving, agent.record().term(), Preference.USUAL);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            agent.changing().unlock();
        }
    }

    /** Keeps the images of a store at a position, for a comparison; empty if they are beyond it or being kept already. */
    static Optional<ApplyHold> stopAt(GroupStore store, Position end) {
        try {
            return Optional.of(store.stopAt(end));
        } catch (GodwitException beyond) {
            LOG.log(Level.INFO, "the disks can no longer be compared: {0}", beyond.sentence());
            return Optional.empty();
        }
    }
}
