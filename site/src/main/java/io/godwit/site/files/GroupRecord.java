package io.godwit.site.files;

import io.godwit.api.CheckpointWish;
import io.godwit.api.GroupDefinition;
import io.godwit.api.HistoryBounds;
import io.godwit.api.ObjectiveWish;
import io.godwit.api.ReplicationMode;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.hypervisor.MachineType;
import io.godwit.migration.HandOver;
import java.util.Optional;

/**
 * What a site knows of a group for good. Replacing it is the commit point of everything that changes who owns the group.
 *
 * @param definition with the size of every disk; its {@code peer} is the other site, as seen by the first owner
 * @param home the site where the group was first protected
 * @param owner who may write, as far as this site knows
 * @param machine the hardware that its machines see, fixed for the group's life
 * @param handOver this site's decision on the last move towards it
 * @param replication how the group is to be replicated by whoever owns it, if that was ever said
 * @param history how much of the group's past is kept, if that was said since it was founded
 */
public record GroupRecord(
        GroupDefinition definition,
        SiteName home,
        SiteName owner,
        Term term,
        MachineType machine,
        Optional<HandOver> handOver,
        Optional<ReplicationMode> replication,
        Optional<HistoryBounds> history) {

    public GroupName name() {
        return definition.name();
    }

    /** The site at the other end, seen from {@code here}. */
    public SiteName peerOf(SiteName here) {
        return here.equals(home) ? definition.peer() : home;
    }

    public ReplicationMode mode() {
        return replication.orElse(ReplicationMode.DEFAULT);
    }

    public GroupRecord ownedBy(SiteName next, Term newTerm) {
        return new GroupRecord(definition, home, next, newTerm, machine, handOver, replication, history);
    }

    public GroupRecord with(HandOver decision) {
        return new GroupRecord(definition, home, owner, term, machine, Optional.of(decision), replication, history);
    }

    public GroupRecord with(ReplicationMode mode) {
        return new GroupRecord(definition, home, owner, term, machine, handOver, Optional.of(mode), history);
    }

    public GroupRecord with(HistoryBounds bounds) {
        return new GroupRecord(definition, home, owner, term, machine, handOver, replication, Optional.of(bounds));
    }

    public GroupRecord with(CheckpointWish wish) {
        return new GroupRecord(definition.with(wish), home, owner, term, machine, handOver, replication, history);
    }

    public GroupRecord with(GroupDefinition changed) {
        return new GroupRecord(changed, home, owner, term, machine, handOver, replication, history);
    }

    /**
     * The same group, with another objective.
     *
     * @param objective empty for one whose mechanism stays as it is
     */
    public GroupRecord withObjective(Optional<ObjectiveWish> objective) {
        return new GroupRecord(
                definition.withObjective(objective), home, owner, term, machine, handOver, replication, history);
    }

    /** The definition, with what was said of the group's past since it was founded. */
    public GroupDefinition inForce() {
        return history.map(definition::with).orElse(definition);
    }

    /** How much of the past is kept: as was said last, or as the definition says. */
    public HistoryBounds bounds() {
        return history.or(definition::history).orElse(HistoryBounds.DEFAULT);
    }
}
