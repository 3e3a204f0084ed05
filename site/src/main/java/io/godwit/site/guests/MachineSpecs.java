package io.godwit.site.guests;

import io.godwit.api.DiskDefinition;
import io.godwit.api.VmDefinition;
import io.godwit.hypervisor.Nic;
import io.godwit.hypervisor.VmDisk;
import io.godwit.hypervisor.VmSpec;
import io.godwit.site.disks.DiskFront;
import io.godwit.site.files.GroupFiles;
import io.godwit.site.files.GroupRecord;
import java.util.Optional;

/** What the QEMUs of a group's machines are started with at this site. */
public record MachineSpecs(GroupFiles files, GroupRecord record) {
    public VmSpec of(VmDefinition vm) {
        return new VmSpec(
                vm.name(),
                vm.vcpus(),
                vm.memory(),
                files.ram(vm.name()),
                files.guestDirectory(vm.name()),
                vm.disks().stream().map(this::disk).toList(),
                Optional.of(new Nic(Ports.tap(record.name(), vm.name()), vm.mac())),
                record.machine());
    }

    private VmDisk disk(DiskDefinition disk) {
        return new VmDisk(disk.name(), files.config().disksSocket(), DiskFront.export(record.name(), disk.name()));
    }
}
