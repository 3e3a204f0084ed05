package io.godwit.lab;

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

    /** What says which process a machine is, in {@code GROUP/MACHINE} or {@code GROUP/.trial/MACHINE}. */
    private static final String PID = "pid";

    private static final int MACHINE_DEPTH = 4;

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

    /** Everything at once. */
    public void strike() {
        List<ProcessHandle> machines = machines();
        links().forEach(link -> lab.link(link).down());
        machines.forEach(ProcessHandle::destroyForcibly);
        processes().forEach(process -> lab.process(process).cutOff());
        machines.forEach(dying -> dying.onExit().join());
        empty(site.runDir());
        empty(lab.paths().siteRam(site.place()));
    }

    /** The QEMUs of the site's groups, those of failover tests among them. */
    private List<ProcessHandle> machines() {
        try (Stream<Path> all = Files.walk(site.runDir(), MACHINE_DEPTH)) {
            return all.filter(path -> path.getFileName().toString().equals(PID))
                    .flatMap(path -> machine(path).stream())
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Optional<ProcessHandle> machine(Path pidFile) {
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
                    .filter(process -> process.info()
                            .command()
                            .filter(program -> program.contains("qemu"))
                            .isPresent());
        } catch (IOException | NumberFormatException ended) {
            return Optional.empty();
        }
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

    /** The power is back. */
    public void end() {
        links().forEach(link -> lab.link(link).up());
        processes().reversed().forEach(process -> lab.process(process).start());
    }
}
