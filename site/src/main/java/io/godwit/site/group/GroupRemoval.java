package io.godwit.site.group;

import io.godwit.api.ApiRequest;
import io.godwit.api.DiskDefinition;
import io.godwit.api.RemovalReport;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.VmName;
import io.godwit.site.files.GroupFiles;
import io.godwit.site.files.RemovedGroups;
import io.godwit.site.peer.PeerLine;
import io.godwit.site.peer.PeerRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Takes a group out of protection. At its owner: the copy at the peer goes first, then the machines end, everything that they wrote is brought into
 * the disks' images, and log, history and record go. Stopped at any moment, it is either done or the group is there as before, without its copy at worst.
 */
public final class GroupRemoval {
    private static final Duration PEER_PATIENCE = Duration.ofSeconds(30);

    private final GroupAgent agent;
    private final RemovedGroups removed;

    GroupRemoval(GroupAgent agent) {
        this.agent = agent;
        this.removed = new RemovedGroups(agent.site().config());
    }

    /** Says what the removal would mean, or carries it out; afterwards the agent has let go of everything. */
    public RemovalReport remove(ApiRequest.RemoveGroup wish) throws IOException, InterruptedException {
        requireIdle();
        RemovalReport proposal = switch (agent.role()) {
            case Serving serving -> proposal(serving, wish.here());
            case Following following -> proposal(wish.here());
        };
        if (!wish.confirmed()) {
            return proposal;
        }
        if (agent.role() instanceof Serving && !wish.here()) {
            deleteCopy();
        }
        List<VmName> cut = end(Duration.ofSeconds(wish.patienceSeconds()));
        if (proposal.setAside().isEmpty()) {
            removed.delete(agent.files());
        } else if (agent.role() instanceof Serving) {
            removed.keepDisks(agent.files());
        } else {
            removed.keep(agent.files());
        }
        return new RemovalReport(
                agent.name(), true, proposal.machines(), cut, proposal.disks(), proposal.copyAt(), proposal.setAside());
    }

    private void deleteCopy() {
        try {
            PeerLine.askOnce(
                    agent.site().linkTo(agent.peer()),
                    new PeerRequest.ForgetGroup(agent.name(), agent.record().term(), false),
                    PEER_PATIENCE);
        } catch (GodwitException failed) {
            if (failed.code() == ErrorCode.UNREACHABLE) {
                throw GroupAgent.refusal(
                        "the copy of group %s can't be removed now: %s; wait for %s, or add --here to remove the group only at this site"
                                .formatted(agent.name(), failed.sentence(), agent.peer()));
            }
            throw failed;
        }
    }

    private List<VmName> end(Duration patience) throws IOException, InterruptedException {
        try {
            return new Dissolution(agent).carryOut(patience);
        } catch (IOException | RuntimeException failed) {
            throw new GodwitException(
                    ErrorCode.FAILED,
                    "group %s is only removed in part, and not served: %s; restart the site's daemon to have it as it was, without its copy at the other site"
                            .formatted(agent.name(), failed.getMessage()),
                    failed);
        }
    }

    private void requireIdle() {
        boolean moving = agent.move().filter(move -> !move.hasEnded()).isPresent()
                || (agent.role() instanceof Following following
                        && following.incoming().isPresent());
        if (moving) {
            throw GroupAgent.refusal(
                    "group %s is being moved: wait for it to end, or cancel it".formatted(agent.name()));
        }
        if (agent.failover().state().filter(state -> state.underWay()).isPresent()) {
            throw GroupAgent.refusal("a failover of group %s is under way: wait for it".formatted(agent.name()));
        }
    }

    private boolean atHome() {
        return agent.record().home().equals(agent.site().name());
    }

    private RemovalReport proposal(Serving serving, boolean here) {
        Optional<Path> place = atHome() ? Optional.empty() : Optional.of(removed.place(agent.files()));
        serving.store().status().imagesAway().ifPresent(trouble -> {
            throw GroupAgent.refusal("group %s can't be removed while what it wrote can't be brought into its disks: %s"
                    .formatted(agent.name(), trouble));
        });
        return new RemovalReport(
                agent.name(),
                false,
                serving.guests().names(),
                List.of(),
                agent.record()
                        .definition()
                        .replicatedDisks()
                        .map(disk -> new RemovalReport.Disk(disk.name(), whereabouts(disk, place)))
                        .toList(),
                here ? Optional.empty() : Optional.of(agent.peer()),
                place.map(Path::toString));
    }

    private static String whereabouts(DiskDefinition disk, Optional<Path> place) {
        return place.map(directory -> directory
                        .resolve(disk.name() + GroupFiles.REPLICA_SUFFIX)
                        .toString())
                .orElseGet(() -> disk.image().orElseThrow());
    }

    /** A copy is deleted if its owner has no such group any more; what may be all that is left is only put aside. */
    private RemovalReport proposal(boolean here) {
        boolean orphan = orphan(here);
        return new RemovalReport(
                agent.name(),
                false,
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                orphan
                        ? Optional.empty()
                        : Optional.of(removed.place(agent.files()).toString()));
    }

    private boolean orphan(boolean here) {
        try {
            PeerLine.askOnce(
                    agent.site().quickLinkTo(agent.peer()), new PeerRequest.AskAnnounced(agent.name()), PEER_PATIENCE);
        } catch (GodwitException refused) {
            if (refused.code() == ErrorCode.NOT_FOUND) {
                return true;
            }
            if (here) {
                return false;
            }
            throw GroupAgent.refusal(
                    "this site has a copy of group %s, and %s can't be asked about it (%s): if the copy here shall go all the same, add --here"
                            .formatted(agent.name(), agent.peer(), refused.sentence()));
        }
        if (here) {
            return false;
        }
        throw GroupAgent.refusal("group %s is %s's: remove it there, or add --here to drop only the copy at this site"
                .formatted(agent.name(), agent.peer()));
    }

    /** The owner has said that the group is removed, or could not be founded. */
    public void forget(PeerRequest.ForgetGroup asked) throws IOException, InterruptedException {
        boolean owners = agent.role() instanceof Following following
                && following.incoming().isEmpty()
                && agent.record().owner().equals(agent.peer())
                && !asked.term().isOlderThan(agent.record().term());
        if (!owners) {
            throw GroupAgent.refusal("group %s is not %s's to remove: site %s knows of term %s"
                    .formatted(
                            agent.name(),
                            agent.peer(),
                            agent.site().name(),
                            agent.record().term()));
        }
        if (asked.founding()
                && agent.role() instanceof Following held
                && held.replica().store().isPresent()) {
            throw GroupAgent.refusal("site %s has a copy of group %s already"
                    .formatted(agent.site().name(), agent.name()));
        }
        new Dissolution(agent).carryOut(Duration.ZERO);
        if (asked.founding()) {
            RemovedGroups.undo(agent.files());
        } else {
            removed.delete(agent.files());
        }
    }
}
