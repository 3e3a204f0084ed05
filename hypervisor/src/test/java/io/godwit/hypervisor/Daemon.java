package io.godwit.hypervisor;

import io.godwit.core.DiskName;
import io.godwit.core.VmName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A process that starts a guest and then does nothing until it is killed. */
final class Daemon {
    private Daemon() {}

    static Process start(Bench bench) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Daemon.class.getName(),
                        bench.directory().toString())
                .inheritIO()
                .start();
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        VmSpec spec = new VmSpec(
                new VmName("tiny"),
                1,
                Bench.MEMORY,
                directory.resolve("source.ram"),
                directory.resolve("source"),
                List.of(new VmDisk(new DiskName("root"), directory.resolve("nbd"), "root")),
                Optional.empty(),
                MachineType.newest(Accelerator.TCG));
        try (Qemu qemu = Qemu.start(spec, Start.BOOT)) {
            Thread.sleep(Duration.ofSeconds(60));
            qemu.kill();
        }
    }
}
