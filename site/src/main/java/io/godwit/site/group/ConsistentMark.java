package io.godwit.site.group;

import io.godwit.api.MarkReport;
import io.godwit.api.PointsReport;
import io.godwit.api.VmDefinition;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.MarkName;
import io.godwit.core.VmName;
import io.godwit.hypervisor.GuestAgent;
import io.godwit.hypervisor.Qemu;
import io.godwit.site.history.Chronicle;
import io.godwit.site.history.Freeze;
import io.godwit.site.history.MarkNote.Kind;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a mark at which the machines' applications agree with their disks: commands of the user's run in the machines, file
 * systems are frozen by the guests' agents, the mark is made, and all of it is undone in the other order.
 */
final class ConsistentMark {
    private static final Logger LOG = System.getLogger(ConsistentMark.class.getName());
    private static final Duration COMMAND_TIME = Duration.ofSeconds(30);
    private static final Duration THAW_PAUSE = Duration.ofSeconds(1);

    private final GroupAgent agent;
    private final Freeze freeze;

    ConsistentMark(GroupAgent agent) {
        this.agent = agent;
        this.freeze = new Freeze(agent.files().directory());
    }

    private record Machine(VmDefinition vm, GuestAgent inside) implements Freeze.Guest {
        @Override
        public VmName name() {
            return vm.name();
        }

        @Override
        public int freeze() {
            return inside.freeze();
        }

        @Override
        public void thaw() {
            inside.thaw();
        }
    }

    /** With the group's lock held: no move begins meanwhile. */
    MarkReport make(Serving serving, MarkName name) throws IOException, InterruptedException {
        requireThawed();
        List<Machine> machines = agent.record().definition().vms().stream()
                .map(vm -> machine(serving, vm))
                .toList();
        List<Machine> prepared = new ArrayList<>();
        try {
            for (Machine machine : machines) {
                prepared.add(machine);
                run(machine, machine.vm().hooks().flatMap(VmDefinition.Hooks::before));
            }
            Freeze.Outcome<Chronicle.Made> outcome =
                    freeze.during(machines, () -> serving.chronicle().mark(name, Kind.APPLICATION));
            Chronicle.Made made = outcome.result();
            return new MarkReport(
                    agent.name(),
                    new PointsReport.Mark(name, made.position(), made.time(), Kind.APPLICATION.word()),
                    outcome.held().stream()
                            .map(held -> new MarkReport.Frozen(held.vm(), held.fileSystems(), held.millis()))
                            .toList());
        } finally {
            thawInTheEnd(serving);
            prepared.reversed().forEach(ConsistentMark::runAfter);
        }
    }

    /** The machines are gone, and what was frozen with them. */
    void forget() throws IOException {
        freeze.thawNoted(name -> Optional.empty());
    }

    void requireThawed() throws IOException {
        if (!freeze.noted().isEmpty()) {
            throw GroupAgent.refusal("machines %s of group %s may still be frozen: they are being thawed, ask again"
                    .formatted(freeze.noted(), agent.name()));
        }
    }

    private static Machine machine(Serving serving, VmDefinition vm) {
        Qemu running = serving.guests().machine(vm.name());
        if (!running.hasAgent()) {
            throw GroupAgent.refusal(
                    "no guest agent answers in machine %s: install and start qemu-guest-agent in it, or leave out --consistent"
                            .formatted(vm.name()));
        }
        return new Machine(vm, running.agent());
    }

    private static void run(Machine machine, Optional<List<String>> command) throws InterruptedException {
        if (command.isPresent()) {
            machine.inside().run(command.get(), COMMAND_TIME);
        }
    }

    private static void runAfter(Machine machine) {
        try {
            run(machine, machine.vm().hooks().flatMap(VmDefinition.Hooks::after));
        } catch (GodwitException failed) {
            LOG.log(Level.WARNING, "the command after a mark: {0}", failed.sentence());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Thaws, again and again, what an earlier mark, perhaps of an earlier daemon, has left frozen. */
    void thawInTheEnd(Serving serving) throws IOException {
        if (!freeze.noted().isEmpty()) {
            Thread.ofPlatform().daemon().name("thaw-" + agent.name()).start(() -> thawUntilDone(serving));
        }
    }

    private void thawUntilDone(Serving serving) {
        try {
            while (agent.role() == serving && !freeze.thawNoted(name -> inside(serving, name))) {
                Thread.sleep(THAW_PAUSE);
            }
        } catch (IOException failed) {
            LOG.log(Level.ERROR, "it isn't known whether machines of group " + agent.name() + " are frozen", failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<Machine> inside(Serving serving, VmName name) {
        try {
            Qemu running = serving.guests().machine(name);
            return agent.record().definition().vms().stream()
                    .filter(vm -> vm.name().equals(name))
                    .findFirst()
                    .map(vm -> new Machine(vm, running.agent()));
        } catch (GodwitException gone) {
            if (gone.code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw gone;
        }
    }
}
