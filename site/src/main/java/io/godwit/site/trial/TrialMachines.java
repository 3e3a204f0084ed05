package io.godwit.site.trial;

import io.godwit.api.DiskDefinition;
import io.godwit.api.PointsReport.OpenPoint;
import io.godwit.api.VmDefinition;
import io.godwit.core.DiskName;
import io.godwit.core.VmName;
import io.godwit.hypervisor.Nic;
import io.godwit.hypervisor.Qemu;
import io.godwit.hypervisor.Start;
import io.godwit.hypervisor.VmDisk;
import io.godwit.hypervisor.VmSpec;
import io.godwit.network.Bubble;
import io.godwit.site.files.GroupFiles;
import io.godwit.site.group.GroupAgent;
import io.godwit.site.guests.Ports;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.ScratchDisk;
import io.godwit.volume.nbd.NbdExport;
import io.godwit.volume.nbd.NbdServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A group's machines in a bubble, on the disks of an open point and on empty scratch disks of their own. */
final class TrialMachines {
    private final GroupAgent agent;
    private final String point;
    private final Bubble bubble;
    private final List<Qemu> machines = new CopyOnWriteArrayList<>();
    private final List<ScratchDisk> scratch = new ArrayList<>();
    private @Nullable NbdServer blanks;

    TrialMachines(GroupAgent agent, OpenPoint point) throws IOException, InterruptedException {
        this.agent = agent;
        this.point = point.id();
        this.bubble = new Bubble(agent.site().config().serviceNet());
        try {
            new TrialPlace(agent.files()).prepare(bubble);
            offerBlanks();
        } catch (IOException | RuntimeException failed) {
            close();
            throw failed;
        }
    }

    private void offerBlanks() throws IOException {
        List<DiskDefinition> wanted = agent.record().definition().scratchDisks().toList();
        if (wanted.isEmpty()) {
            return;
        }
        List<NbdExport> exports = new ArrayList<>();
        for (DiskDefinition disk : wanted) {
            Path file = blank(disk.name());
            Files.deleteIfExists(file);
            ScratchDisk opened =
                    ScratchDisk.open(new DiskSpec(disk.name(), disk.size().orElseThrow(), file), file);
            scratch.add(opened);
            exports.add(new NbdExport(disk.name().value(), opened, opened.rule()));
        }
        blanks = new NbdServer(blanksSocket(agent), exports);
    }

    private Path blank(DiskName disk) {
        return agent.files().scratch().resolve(disk + ".trial");
    }

    private static Path blanksSocket(GroupAgent agent) {
        return agent.files().trial().resolve("scratch.sock");
    }

    Bubble bubble() {
        return bubble;
    }

    void boot(VmDefinition vm) throws IOException, InterruptedException {
        bubble.plug(Ports.of(agent.name(), vm));
        machines.add(bubble.within(() -> Qemu.start(spec(agent, vm, point), Start.BOOT)));
    }

    Qemu machine(VmName name) {
        return machines.stream()
                .filter(machine -> machine.spec().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Whether a process is one of the machines. */
    boolean has(ProcessHandle process) {
        return machines.stream().anyMatch(machine -> machine.pid() == process.pid());
    }

    /** @param point whose disks it has */
    static VmSpec spec(GroupAgent agent, VmDefinition vm, String point) {
        GroupFiles files = agent.files();
        return new VmSpec(
                vm.name(),
                vm.vcpus(),
                vm.memory(),
                files.trialRam(vm.name()),
                files.trial().resolve(vm.name().value()),
                vm.disks().stream().map(disk -> disk(agent, disk, point)).toList(),
                Optional.of(new Nic(Ports.tap(agent.name(), vm.name()), vm.mac())),
                agent.record().machine());
    }

    private static VmDisk disk(GroupAgent agent, DiskDefinition disk, String point) {
        return disk.scratch()
                ? new VmDisk(disk.name(), blanksSocket(agent), disk.name().value())
                : new VmDisk(disk.name(), agent.files().pointsSocket(), "%s.%s".formatted(point, disk.name()));
    }

    /** Ends the machines; what they have written to scratch disks is gone, and nothing of their network is left. */
    void close() throws IOException, InterruptedException {
        for (Qemu machine : machines) {
            machine.kill();
        }
        NbdServer offering = blanks;
        if (offering != null) {
            offering.close();
        }
        scratch.forEach(ScratchDisk::close);
        for (DiskDefinition disk : agent.record().definition().scratchDisks().toList()) {
            Files.deleteIfExists(blank(disk.name()));
        }
        bubble.close();
    }
}
