package io.godwit.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.VmName;
import io.godwit.memory.RamFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A place to run tiny guests: a disk image served by qemu-nbd, and for each guest a run directory and RAM. What it
 * started it ends, and nothing is left.
 */
final class Bench implements AutoCloseable {
    static final ByteCount MEMORY = ByteCount.ofMiB(64);

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path directory;
    private Process diskServer;

    private Bench(Path directory, Process diskServer) {
        this.directory = directory;
        this.diskServer = diskServer;
    }

    static Bench open() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(SHARED_MEMORY, "godwit-test-");
        TinyGuest.writeDisk(directory.resolve("disk.raw"));
        Bench bench = new Bench(directory, serve(directory));
        bench.await(() -> Files.exists(directory.resolve("nbd")));
        return bench;
    }

    private static Process serve(Path directory) throws IOException {
        return new ProcessBuilder(
                        "qemu-nbd",
                        "--socket=" + directory.resolve("nbd"),
                        "--format=raw",
                        "--shared=8",
                        "--persistent",
                        "--export-name=root",
                        directory.resolve("disk.raw").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("qemu-nbd.log").toFile())
                .start();
    }

    /** Kills the server of the disk, as if its host had failed. */
    void loseDisk() throws IOException {
        end(diskServer.toHandle());
        Files.delete(directory.resolve("nbd"));
    }

    void bringDiskBack() throws IOException {
        diskServer = serve(directory);
    }

    Path disk() {
        return directory.resolve("disk.raw");
    }

    Path directory() {
        return directory;
    }

    /** A machine with a directory and RAM of its own; all of them share the disk. */
    VmSpec machine(String side) {
        return new VmSpec(
                new VmName("tiny"),
                1,
                MEMORY,
                directory.resolve(side + ".ram"),
                directory.resolve(side),
                List.of(new VmDisk(new DiskName("root"), directory.resolve("nbd"), "root")),
                Optional.empty(),
                MachineType.newest(Accelerator.TCG));
    }

    /** Something to wait for. */
    interface Condition {
        boolean holds() throws IOException;
    }

    void await(Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
            Thread.sleep(Duration.ofMillis(10));
        }
    }

    void awaitCounter(RamFile ram, int atLeast) throws IOException, InterruptedException {
        await(() -> TinyGuest.counter(ram) >= atLeast);
    }

    @Override
    public void close() throws IOException {
        for (String side : List.of("source", "target")) {
            QemuProcess.find(machine(side))
                    .flatMap(left -> ProcessHandle.of(left.pid()))
                    .ifPresent(Bench::end);
        }
        end(diskServer.toHandle());
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void end(ProcessHandle process) {
        process.destroyForcibly();
        process.onExit().join();
    }
}
