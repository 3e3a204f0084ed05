package io.godwit.site.essential;

import io.godwit.api.EssentialReport;
import io.godwit.api.GroupDefinition;
import io.godwit.api.GroupDefinition.StateDisk;
import io.godwit.api.GroupStatus;
import io.godwit.api.VmDefinition;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.VmName;
import io.godwit.site.disks.CurrentRule;
import io.godwit.site.disks.DiskFront;
import io.godwit.site.files.GroupRecord;
import io.godwit.site.guests.Guests;
import io.godwit.site.history.Chronicle;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Saves what a group's machines can't do without while they run here, and gives it back to those that were booted. */
public final class EssentialKeeping implements AutoCloseable {
    private final GroupRecord record;
    private final DiskFront front;
    private final Guests guests;
    private final Chronicle chronicle;
    private final List<EssentialMachine> machines;
    private boolean begun;

    /** Does nothing before {@link #begin}. */
    public EssentialKeeping(GroupRecord record, DiskFront front, Guests guests, Chronicle chronicle) {
        this.record = record;
        this.front = front;
        this.guests = guests;
        this.chronicle = chronicle;
        this.machines = record.definition().vms().stream()
                .flatMap(vm -> machine(vm).stream())
                .toList();
    }

    private Optional<EssentialMachine> machine(VmDefinition vm) {
        Optional<StateDisk> kept = record.definition().stateDisks().stream()
                .filter(disk -> disk.vm().equals(vm.name()))
                .findFirst();
        return kept.flatMap(
                disk -> vm.essential().map(wish -> new EssentialMachine(vm.name(), wish, slots(disk), this)));
    }

    private StateSlots slots(StateDisk disk) {
        return new StateSlots(front.store().disk(disk.name()), disk.capacity());
    }

    public synchronized void begin() {
        if (!begun) {
            begun = true;
            machines.forEach(EssentialMachine::start);
        }
    }

    /** The machines are the same, and so is the size of their states. */
    public void follow(GroupDefinition changed) {
        for (VmDefinition vm : changed.vms()) {
            machines.stream()
                    .filter(machine -> machine.name().equals(vm.name()))
                    .forEach(machine -> vm.essential().ifPresent(machine::follow));
        }
    }

    GroupName name() {
        return record.name();
    }

    Guests guests() {
        return guests;
    }

    Chronicle chronicle() {
        return chronicle;
    }

    CurrentRule rule() {
        return front.rule();
    }

    Position head() {
        return front.store().head();
    }

    void awaitDurable(Position position) throws InterruptedException {
        GroupStore store = front.store();
        store.awaitDurable(position);
    }

    /**
     * Saves the state of all machines now.
     *
     * @throws GodwitException NOT_FOUND if none has any
     */
    public List<EssentialReport> saveNow() throws IOException, InterruptedException {
        if (machines.isEmpty()) {
            throw new GodwitException(
                    ErrorCode.NOT_FOUND,
                    "no machine of group %s has \"essential\" state in the group's definition"
                            .formatted(record.name()));
        }
        List<EssentialReport> reports = new ArrayList<>();
        for (EssentialMachine machine : machines) {
            reports.add(machine.saveNow());
        }
        return reports;
    }

    /**
     * Has a machine go on without its state: what it has from now on is saved.
     *
     * @throws GodwitException NOT_FOUND if it has none, CONFLICT if it doesn't wait for it
     */
    public void doWithout(VmName vm) throws IOException {
        EssentialMachine machine = machines.stream()
                .filter(known -> known.name().equals(vm))
                .findFirst()
                .orElseThrow(() -> new GodwitException(
                        ErrorCode.NOT_FOUND,
                        "group %s has no machine %s with essential state".formatted(record.name(), vm)));
        if (!machine.blank()) {
            throw new GodwitException(
                    ErrorCode.CONFLICT, "machine %s doesn't wait for its essential state".formatted(vm));
        }
        guests.blankness().forget(vm);
    }

    /** Refuses while a machine was booted and hasn't got its state back: what is done with its memory would count as if it had. */
    public void requireGiven() {
        machines.stream().filter(EssentialMachine::blank).findFirst().ifPresent(machine -> {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "machine %s was booted and hasn't got its essential state back yet%s ('godwit essential skip %s --machine %s' does without it)"
                            .formatted(
                                    machine.name(),
                                    machine.status()
                                            .trouble()
                                            .map(": %s"::formatted)
                                            .orElse(""),
                                    record.name(),
                                    machine.name()));
        });
    }

    public Optional<GroupStatus.Essential> status(VmName vm) {
        return machines.stream()
                .filter(machine -> machine.name().equals(vm))
                .findFirst()
                .map(EssentialMachine::status);
    }

    /** Nothing more is saved or given back. */
    @Override
    public void close() {
        machines.forEach(EssentialMachine::end);
    }
}
