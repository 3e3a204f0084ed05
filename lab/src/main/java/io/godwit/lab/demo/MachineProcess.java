package io.godwit.lab.demo;

import io.godwit.core.GroupName;
import io.godwit.core.VmName;
import io.godwit.lab.LabSite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The QEMU that runs a machine at a site, as the site has written down. */
public final class MachineProcess {
    private MachineProcess() {}

    /** Empty if none runs there. */
    public static Optional<ProcessHandle> of(LabSite site, GroupName group, VmName vm) {
        Path pidFile = site.runDir().resolve(group.value()).resolve(vm.value()).resolve("pid");
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}
