package io.godwit.site.group;

import io.godwit.api.ApiReply;
import io.godwit.api.ModeReport;
import io.godwit.api.ReplicationMode;
import io.godwit.migration.Phase;
import io.godwit.replication.ModeChange;
import io.godwit.replication.ModeChange.Forecast;
import io.godwit.replication.ReplicationPolicy;
import io.godwit.replication.ReplicationPolicy.WhenCut;
import io.godwit.replication.ReplicationStatus;
import io.godwit.replication.Replicator;
import io.godwit.site.move.ActiveMove;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Changes how a group that runs here is replicated: first in the group's record, then in force, so that a restart in between
 * ends with the mode that was asked for. A change that can't be made is taken out of the record again.
 */
public final class ModeChanger {
    /** The longest drain that is worth waiting for. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final GroupAgent agent;

    ModeChanger(GroupAgent agent) {
        this.agent = agent;
    }

    /**
     * Carries out a wish; returns when it is in force, or given up.
     *
     * @param begun is told what has to be drained, if anything, before that begins
     */
    public ModeReport change(ReplicationMode.Wish wish, Consumer<ApiReply.ModeChanging> begun)
            throws InterruptedException {
        Noted noted = note(wish);
        ModeChange change = noted.serving()
                .replicator()
                .become(
                        noted.turn(),
                        Modes.policy(noted.after()),
                        PATIENCE,
                        forecast -> begun.accept(changing(forecast)));
        if (change.done()) {
            agent.watch().tell(noted.serving());
        } else {
            takeBack(noted);
        }
        return Modes.report(agent.name(), change);
    }

    private static ApiReply.ModeChanging changing(Forecast forecast) {
        return new ApiReply.ModeChanging(forecast.pending(), forecast.drain().toMillis());
    }

    /** @param turn taken with the note, so that what is in force in the end is what was noted last */
    private record Noted(Serving serving, ReplicationMode after, int turn) {}

    private Noted note(ReplicationMode.Wish wish) {
        agent.changing().lock();
        try {
            Serving serving = requireChangeable();
            ReplicationMode before = agent.record().mode();
            ReplicationMode after = before.with(wish);
            requireReachable(serving, before, after);
            agent.save(agent.record().with(after));
            agent.source().keepMode();
            return new Noted(serving, after, serving.replicator().nextTurn());
        } finally {
            agent.changing().unlock();
        }
    }

    private Serving requireChangeable() {
        if (!(agent.role() instanceof Serving serving)) {
            throw GroupAgent.refusal("group %s runs at %s: ask that site to change its mode"
                    .formatted(agent.name(), agent.record().owner()));
        }
        Optional<ActiveMove> move = agent.move().filter(active -> !active.hasEnded());
        if (move.isPresent() && move.get().phase().compareTo(Phase.OFFERED) >= 0) {
            throw GroupAgent.refusal("group %s is just being handed over to %s: ask again when that is done"
                    .formatted(agent.name(), move.get().move().to()));
        }
        return serving;
    }

    /** To make writers wait for a replica that isn't there would stop the service at once. */
    private void requireReachable(Serving serving, ReplicationMode before, ReplicationMode after) {
        ReplicationPolicy policy = Modes.policy(after);
        ReplicationStatus status = serving.replicator().status();
        boolean more = policy.mode() != Modes.policy(before).mode() && policy.waitsForReplica();
        if (more && policy.whenCut() == WhenCut.STALL && !(status.connected() && status.seeded())) {
            throw GroupAgent.refusal(
                    "the replica of group %s is %s, so that %s would stop its writers: wait for it, or add --when-cut degrade"
                            .formatted(
                                    agent.name(),
                                    status.connected() ? "not complete yet" : "not connected",
                                    ReplicationMode.word(after.kind())));
        }
    }

    /** Notes what is in force, unless something else has been asked for meanwhile. */
    private void takeBack(Noted noted) {
        agent.changing().lock();
        try {
            Replicator replicator = noted.serving().replicator();
            if (agent.role() == noted.serving() && replicator.isLatest(noted.turn())) {
                agent.save(agent.record().with(Modes.mode(replicator.policy())));
            }
        } finally {
            agent.changing().unlock();
        }
    }
}
