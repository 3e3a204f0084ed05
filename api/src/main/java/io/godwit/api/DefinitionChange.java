package io.godwit.api;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What becomes of a group's definition when its user would like to have another.
 *
 * @param definition with what was changed
 * @param changed what is different from before, in words; empty if nothing is
 * @param left what the other definition has different and a command of its own changes, in words
 */
public record DefinitionChange(GroupDefinition definition, List<String> changed, List<String> left) {
    public DefinitionChange {
        changed = List.copyOf(changed);
        left = List.copyOf(left);
    }

    /**
     * Takes over from {@code wished} what can be changed.
     *
     * @throws GodwitException CONFLICT if the other one has something different that a group keeps for as long as it is protected
     */
    public static DefinitionChange of(GroupDefinition present, GroupDefinition wished) {
        requireSame(present, "\"peer\"", present.peer(), wished.peer());
        requireSame(present, "\"leaseMillis\"", present.lease(), wished.lease());
        requireSame(
                present,
                "the list of machines",
                present.vms().stream().map(VmDefinition::name).toList(),
                wished.vms().stream().map(VmDefinition::name).toList());
        List<String> changed = new ArrayList<>();
        note(changed, "priority", present.effectivePriority(), wished.effectivePriority());
        note(changed, "failover", failover(present), failover(wished));
        note(changed, "whenAlone", whenAlone(present), whenAlone(wished));
        List<VmDefinition> machines = new ArrayList<>();
        for (int i = 0; i < present.vms().size(); i++) {
            VmDefinition before = present.vms().get(i);
            VmDefinition then = wished.vms().get(i);
            requireSameMachine(present, before, then);
            machines.add(before.served(then));
            String of = " of machine " + before.name();
            note(changed, "hooks" + of, hooks(before), hooks(then));
            note(changed, "after" + of, before.waitsFor(), then.waitsFor());
            note(changed, "readyPort" + of, before.readyPort(), then.readyPort());
            note(changed, "essential" + of, before.essential(), then.essential());
            note(changed, "service" + of, before.service(), then.service());
        }
        List<String> left = new ArrayList<>();
        note(left, "history", present.history(), wished.history());
        note(left, "checkpoints", present.checkpoints(), wished.checkpoints());
        note(left, "objective", present.objective(), wished.objective());
        GroupDefinition next = new GroupDefinition(
                present.name(),
                present.peer(),
                machines,
                present.history(),
                wished.whenAlone(),
                present.leaseMillis(),
                wished.failover(),
                wished.priority(),
                present.checkpoints(),
                present.objective());
        return new DefinitionChange(next, changed, left);
    }

    private static FailoverWish failover(GroupDefinition group) {
        return group.failover().orElse(FailoverWish.DEFAULT);
    }

    private static WhenAlone whenAlone(GroupDefinition group) {
        return group.whenAlone().orElse(WhenAlone.WAIT);
    }

    private static VmDefinition.Hooks hooks(VmDefinition vm) {
        return vm.hooks().orElse(new VmDefinition.Hooks(Optional.empty(), Optional.empty()));
    }

    private static void note(List<String> differences, String what, Object before, Object then) {
        if (!before.equals(then)) {
            differences.add(what);
        }
    }

    private static void requireSameMachine(GroupDefinition group, VmDefinition before, VmDefinition then) {
        String of = " of machine " + before.name();
        requireSame(group, "\"memory\"" + of, before.memory(), then.memory());
        requireSame(group, "\"vcpus\"" + of, before.vcpus(), then.vcpus());
        requireSame(group, "\"address\"" + of, before.address(), then.address());
        requireSame(group, "\"mac\"" + of, before.mac(), then.mac());
        boolean sameDisks = before.disks().size() == then.disks().size();
        for (int i = 0; sameDisks && i < before.disks().size(); i++) {
            sameDisks = isSame(before.disks().get(i), then.disks().get(i));
        }
        requireSame(group, "the list of disks" + of, true, sameDisks);
        requireSame(
                group,
                "whether there is \"essential\" state" + of + ", or its maxSize,",
                capacity(before),
                capacity(then));
    }

    /** The size may have been left out when the group was created, and is known since. */
    private static boolean isSame(DiskDefinition before, DiskDefinition then) {
        return before.name().equals(then.name())
                && before.image().equals(then.image())
                && before.effectiveClass() == then.effectiveClass()
                && (then.size().isEmpty() || then.size().equals(before.size()));
    }

    private static Optional<ByteCount> capacity(VmDefinition vm) {
        return vm.essential().map(EssentialState::capacity);
    }

    private static void requireSame(GroupDefinition group, String what, Object before, Object then) {
        if (!Objects.equals(before, then)) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "group %s: %s can't be changed while the group is protected; 'godwit group show %s' prints what is in force"
                            .formatted(group.name(), what, group.name()));
        }
    }
}
