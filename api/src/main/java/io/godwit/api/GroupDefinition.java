package io.godwit.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.VmName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A protection group as its user describes it: virtual machines that are protected and moved together, and where to.
 *
 * @param history how much of its past is kept, until something else is said
 * @param whenAlone what its owner does while it can't know whether it was replaced; {@link WhenAlone#WAIT} if nothing is said
 * @param leaseMillis where voters decide who owns it: for how long at a time; {@link #DEFAULT_LEASE_MILLIS} if nothing is said
 * @param failover what is to happen when its owner is lost; {@link FailoverWish#DEFAULT} if nothing is said
 * @param priority in which order groups leave a site that is drained, higher first; {@link #DEFAULT_PRIORITY} if nothing is said. Not written
 *     then, so that whoever doesn't know the key reads the definition as before
 * @param checkpoints whether, and how, its machines' memory is protected as well; it isn't if nothing is said
 * @param objective what its mechanism is chosen for, again and again; if nothing is said it stays as it is
 */
public record GroupDefinition(
        GroupName name,
        SiteName peer,
        List<VmDefinition> vms,
        Optional<HistoryBounds> history,
        Optional<WhenAlone> whenAlone,
        Optional<Integer> leaseMillis,
        Optional<FailoverWish> failover,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Integer> priority,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<CheckpointWish> checkpoints,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ObjectiveWish> objective) {
    public static final int DEFAULT_LEASE_MILLIS = 3_000;
    public static final int DEFAULT_PRIORITY = 5;

    private static final int MAX_VMS = 32;
    private static final int LEAST_PRIORITY = 1;
    private static final int MOST_PRIORITY = 9;
    private static final int LEAST_LEASE_MILLIS = 1_000;
    private static final int MOST_LEASE_MILLIS = 600_000;

    public GroupDefinition {
        if (name == null || peer == null || vms == null || vms.stream().anyMatch(Objects::isNull)) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "a group needs \"name\", \"peer\" and \"vms\"");
        }
        vms = List.copyOf(vms);
        if (vms.isEmpty() || vms.size() > MAX_VMS) {
            throw refusal(name, "needs 1 to " + MAX_VMS + " virtual machines");
        }
        distinct(name, "virtual machine name", vms.stream().map(VmDefinition::name));
        distinct(name, "address", vms.stream().map(VmDefinition::address));
        distinct(name, "MAC address", vms.stream().map(VmDefinition::mac));
        distinct(
                name,
                "disk name",
                Stream.concat(
                        vms.stream().flatMap(vm -> vm.disks().stream()).map(DiskDefinition::name),
                        stateDisks(vms).stream().map(StateDisk::name)));
        requireBootOrder(name, vms);
        if (leaseMillis
                .filter(lease -> lease < LEAST_LEASE_MILLIS || lease > MOST_LEASE_MILLIS)
                .isPresent()) {
            throw refusal(
                    name,
                    "a lease lasts %d to %d ms, not %d"
                            .formatted(LEAST_LEASE_MILLIS, MOST_LEASE_MILLIS, leaseMillis.get()));
        }
        if (priority.filter(wanted -> wanted < LEAST_PRIORITY || wanted > MOST_PRIORITY)
                .isPresent()) {
            throw refusal(
                    name,
                    "its priority is %d (leaves a site last) to %d (leaves it first), not %d"
                            .formatted(LEAST_PRIORITY, MOST_PRIORITY, priority.get()));
        }
    }

    public GroupDefinition(GroupName name, SiteName peer, List<VmDefinition> vms) {
        this(name, peer, vms, Optional.empty(), Optional.empty());
    }

    public GroupDefinition(
            GroupName name,
            SiteName peer,
            List<VmDefinition> vms,
            Optional<HistoryBounds> history,
            Optional<WhenAlone> whenAlone) {
        this(name, peer, vms, history, whenAlone, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public GroupDefinition(
            GroupName name,
            SiteName peer,
            List<VmDefinition> vms,
            Optional<HistoryBounds> history,
            Optional<WhenAlone> whenAlone,
            Optional<Integer> leaseMillis,
            Optional<FailoverWish> failover,
            Optional<Integer> priority) {
        this(name, peer, vms, history, whenAlone, leaseMillis, failover, priority, Optional.empty(), Optional.empty());
    }

    public GroupDefinition withMachines(List<VmDefinition> others) {
        return new GroupDefinition(
                name, peer, others, history, whenAlone, leaseMillis, failover, priority, checkpoints, objective);
    }

    /**
     * The same group, with another objective.
     *
     * @param wish empty for one whose mechanism stays as it is
     */
    public GroupDefinition withObjective(Optional<ObjectiveWish> wish) {
        return new GroupDefinition(
                name, peer, vms, history, whenAlone, leaseMillis, failover, priority, checkpoints, wish);
    }

    public GroupDefinition with(HistoryBounds bounds) {
        return new GroupDefinition(
                name,
                peer,
                vms,
                Optional.of(bounds),
                whenAlone,
                leaseMillis,
                failover,
                priority,
                checkpoints,
                objective);
    }

    public GroupDefinition with(CheckpointWish wish) {
        return new GroupDefinition(
                name, peer, vms, history, whenAlone, leaseMillis, failover, priority, Optional.of(wish), objective);
    }

    /** For how long at a time its owner may serve it. */
    public Duration lease() {
        return Duration.ofMillis(leaseMillis.orElse(DEFAULT_LEASE_MILLIS));
    }

    public int effectivePriority() {
        return priority.orElse(DEFAULT_PRIORITY);
    }

    public Stream<DiskDefinition> disks() {
        return vms.stream().flatMap(vm -> vm.disks().stream());
    }

    /** How the machines' memory is protected, if it is. */
    public Optional<CheckpointWish> memoryProtection() {
        return checkpoints.filter(wish -> wish.effectiveStandby() != CheckpointWish.Standby.NONE);
    }

    /** Those whose writes are in the group's log. */
    public Stream<DiskDefinition> replicatedDisks() {
        return disks().filter(disk -> !disk.scratch());
    }

    /** Those whose flushes never wait for the other site. */
    public Stream<DiskDefinition> asyncDisks() {
        return disks().filter(disk -> disk.effectiveClass() == DiskClass.ASYNC);
    }

    /** Whether what the other disks have at the replica may be ahead of its log. */
    public boolean hasAsyncDisks() {
        return asyncDisks().findAny().isPresent();
    }

    /**
     * A disk that no machine sees, on which a machine's essential state is kept: so it is in the group's log like everything else.
     *
     * @param capacity for one state; it has room for two
     */
    public record StateDisk(VmName vm, DiskName name, ByteCount capacity) {}

    /** One for each machine that has essential state. */
    public List<StateDisk> stateDisks() {
        return stateDisks(vms);
    }

    private static List<StateDisk> stateDisks(List<VmDefinition> vms) {
        List<StateDisk> disks = new ArrayList<>();
        for (int i = 0; i < vms.size(); i++) {
            VmDefinition vm = vms.get(i);
            DiskName name = new DiskName("state-" + (i + 1));
            vm.essential().ifPresent(state -> disks.add(new StateDisk(vm.name(), name, state.capacity())));
        }
        return disks;
    }

    public Stream<DiskDefinition> scratchDisks() {
        return disks().filter(DiskDefinition::scratch);
    }

    /** Each machine may wait for others of the group, and none, by a detour, for itself. */
    private static void requireBootOrder(GroupName group, List<VmDefinition> vms) {
        Set<VmName> names = vms.stream().map(VmDefinition::name).collect(Collectors.toSet());
        for (VmDefinition vm : vms) {
            vm.waitsFor().stream()
                    .filter(other -> !names.contains(other))
                    .findFirst()
                    .ifPresent(stranger -> {
                        throw refusal(
                                group,
                                "machine %s is to be booted after %s, which is none of its machines"
                                        .formatted(vm.name(), stranger));
                    });
        }
        List<VmDefinition> rest = new ArrayList<>(vms);
        Set<VmName> before = new HashSet<>();
        while (rest.removeIf(vm -> before.containsAll(vm.waitsFor()) && before.add(vm.name()))) {
            if (rest.isEmpty()) {
                return;
            }
        }
        throw refusal(
                group,
                "machines %s can't be booted, since each waits for another"
                        .formatted(rest.stream().map(VmDefinition::name).toList()));
    }

    private static void distinct(GroupName group, String what, Stream<?> values) {
        Set<Object> seen = new HashSet<>();
        values.filter(value -> !seen.add(value)).findFirst().ifPresent(twice -> {
            throw refusal(group, "the %s %s is used twice".formatted(what, twice));
        });
    }

    private static GodwitException refusal(GroupName group, String complaint) {
        return new GodwitException(ErrorCode.BAD_INPUT, "group %s: %s".formatted(group, complaint));
    }
}
