package io.godwit.lab.demo;

import io.godwit.core.GroupName;
import io.godwit.core.VmName;
import io.godwit.lab.Lab;
import io.godwit.lab.LabSite;
import io.godwit.lab.LabSites;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A site without power: its links carry nothing, all its processes are gone at once, and so is what was in memory. What
 * stays is its disk, and the addresses that its kernel would be given again when it boots.
 */
public final class PowerLoss {
    /** Whoever supervises the daemon listens here for it, and would again after a boot. */
    private static final String DISKS = "disks.sock";

    private final Lab lab;
    private final LabSite site;

    public PowerLoss(Lab lab, LabSite site) {
        this.lab = lab;
        this.site = site;
    }

    private List<String> links() {
        return List.of("wan", site.place().toString());
    }

    private List<String> processes() {
        return List.of(LabSites.daemon(site), "gobgpd-" + site.name());
    }

    public void strike(GroupName group, VmName vm) {
        Optional<ProcessHandle> machine = MachineProcess.of(site, group, vm);
        links().forEach(link -> lab.link(link).down());
        machine.ifPresent(ProcessHandle::destroyForcibly);
        processes().forEach(process -> lab.process(process).cutOff());
        machine.ifPresent(dying -> dying.onExit().join());
        empty(site.runDir());
        empty(lab.paths().siteRam(site.place()));
    }

    private static void empty(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                boolean listening = path.getFileName().toString().equals(DISKS);
                if (!path.equals(directory) && !listening) {
                    Files.deleteIfExists(path);
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public void end() {
        links().forEach(link -> lab.link(link).up());
        processes().reversed().forEach(process -> lab.process(process).start());
    }
}
