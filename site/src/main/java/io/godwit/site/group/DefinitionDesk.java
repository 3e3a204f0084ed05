package io.godwit.site.group;

import io.godwit.api.DefinitionChange;
import io.godwit.api.GroupDefinition;
import io.godwit.core.GodwitException;
import io.godwit.site.peer.PeerLine;
import io.godwit.site.peer.PeerRequest;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/** Changes of a group's definition what can be changed while it is protected: what is done for its machines, beside running them on their disks. */
public final class DefinitionDesk {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** One change at a time, at a site: two of the same group could reach the other site in another order than this one. */
    private static final ReentrantLock CHANGING = new ReentrantLock();

    private final GroupAgent agent;

    public DefinitionDesk(GroupAgent agent) {
        this.agent = agent;
    }

    /**
     * Has both sites keep what is different in another definition; the other one first, which may go on with the group.
     *
     * @return what was changed, for a person
     * @throws GodwitException CONFLICT if the group doesn't run here, is being moved, or keeps what is different for as long as it is protected;
     *     UNREACHABLE if the other site doesn't answer: nothing was changed here then
     */
    public String change(GroupDefinition wished) {
        CHANGING.lock();
        try {
            agent.history().requireServing("change its definition");
            requireStill();
            GroupDefinition present = agent.record().inForce();
            DefinitionChange change = DefinitionChange.of(present, wished);
            // Also if nothing is different here: an answer that came too late may have left the other site with
            // something else.
            havePeerKeep(change.definition());
            if (!change.changed().isEmpty()) {
                keepOrTakeBack(change.definition(), present);
            }
            return sentence(change);
        } finally {
            CHANGING.unlock();
        }
    }

    /** What isn't kept here, because a move has begun meanwhile or the disk is full, must not be in force at the other site when that has the group. */
    private void keepOrTakeBack(GroupDefinition next, GroupDefinition present) {
        try {
            keep(next);
        } catch (RuntimeException refused) {
            takeBack(present, refused);
            throw refused;
        }
    }

    private void takeBack(GroupDefinition present, RuntimeException why) {
        try {
            havePeerKeep(present);
        } catch (GodwitException unreachable) {
            why.addSuppressed(unreachable);
        }
    }

    private void havePeerKeep(GroupDefinition definition) {
        PeerLine.askOnce(agent.site().linkTo(agent.peer()), new PeerRequest.KeepDefinition(definition), PATIENCE);
    }

    private String sentence(DefinitionChange change) {
        String done = change.changed().isEmpty()
                ? "nothing of group %s was changed".formatted(agent.name())
                : "group %s, changed at both sites: %s".formatted(agent.name(), String.join(", ", change.changed()));
        return change.left().isEmpty()
                ? done
                : "%s; %s: left as it is, 'godwit group --help' names the command for it"
                        .formatted(done, String.join(", ", change.left()));
    }

    private void requireStill() {
        agent.move().filter(move -> !move.hasEnded()).ifPresent(move -> {
            throw GroupAgent.refusal("group %s is being moved to %s: change it when that is done"
                    .formatted(agent.name(), move.move().to()));
        });
    }

    /** What can be changed is like this from now on, as far as this site is concerned. */
    void keep(GroupDefinition wished) {
        agent.changing().lock();
        try {
            requireStill();
            agent.save(agent.record()
                    .with(DefinitionChange.of(agent.record().definition(), wished)
                            .definition()));
            if (agent.role() instanceof Serving serving) {
                serving.follow(agent.record());
            }
        } finally {
            agent.changing().unlock();
        }
    }
}
