package io.godwit.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.GodwitException;
import io.godwit.memory.RamFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The life of a QEMU process, with real ones. */
@Timeout(120)
class QemuTest {
    @Test
    void aGuestOutlivesTheDaemonThatStartedItAndIsFoundAgain() throws Exception {
        try (Bench bench = Bench.open()) {
            VmSpec spec = bench.machine("source");
            Process daemon = Daemon.start(bench);
            bench.await(() -> Files.exists(spec.ramFile())
                    && Files.size(spec.ramFile()) == Bench.MEMORY.bytes()
                    && counter(spec) > 3);
            daemon.destroyForcibly().waitFor();
            try (Qemu qemu = Qemu.adopt(spec).orElseThrow()) {
                assertThat(session(qemu.pid())).as("a session of its own").isEqualTo(qemu.pid());
                assertThat(qemu.state()).isEqualTo(VmState.RUNNING);
                int counter = counter(spec);
                bench.await(() -> counter(spec) > counter + 3);
                qemu.pause();
                assertThat(qemu.saveDeviceState()).isNotEmpty();
                qemu.quit();
            }
            assertThat(Qemu.adopt(spec)).isEmpty();
            assertThat(spec.ramFile()).doesNotExist();
        }
    }

    private static int counter(VmSpec spec) throws IOException {
        try (RamFile ram = RamFile.map(spec.ramFile(), spec.memory())) {
            return TinyGuest.counter(ram);
        }
    }

    private static long session(long pid) throws Exception {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[3]);
    }

    @Test
    void aGuestWaitsForItsDiskAndNeverSeesThatItWasAway() throws Exception {
        try (Bench bench = Bench.open();
                Qemu qemu = Qemu.start(bench.machine("source"), Start.BOOT)) {
            VmSpec spec = qemu.spec();
            int last = loseDiskBetweenWrites(bench, spec);
            bench.await(() -> counter(spec) >= last + 8);
            FutureTask<Void> pausing = new FutureTask<>(qemu::pause, null);
            Thread.ofVirtual().start(pausing);
            assertThatThrownBy(() -> pausing.get(500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            bench.bringDiskBack();
            pausing.get(30, TimeUnit.SECONDS);
            assertThat(TinyGuest.counterOnDisk(bench.disk()))
                    .as("the request was repeated")
                    .isGreaterThan(last);
            assertThat(qemu.state()).isEqualTo(VmState.PAUSED);
            qemu.resume();
            int counter = counter(spec);
            bench.await(() -> TinyGuest.counterOnDisk(bench.disk()) > counter);
            qemu.quit();
        }
    }

    /** Loses it right after a write has been answered, when the next is seven ticks away; says what was written last. */
    private static int loseDiskBetweenWrites(Bench bench, VmSpec spec) throws Exception {
        bench.await(() -> TinyGuest.counterOnDisk(bench.disk()) > 0 && counter(spec) % 8 == 1);
        bench.loseDisk();
        return TinyGuest.counterOnDisk(bench.disk());
    }

    @Test
    void oneThatIsBeingPausedWhileItsDiskIsAwayIsAdoptedAndAnswersWhenTheDiskIsBack() throws Exception {
        try (Bench bench = Bench.open()) {
            VmSpec spec = bench.machine("source");
            pauseWithoutItsDiskAndLetGo(bench, spec);
            try (Qemu adopted = Qemu.adopt(spec).orElseThrow()) {
                assertThat(adopted.answers()).isFalse();
                bench.bringDiskBack();
                assertThat(adopted.state()).isEqualTo(VmState.PAUSED);
                assertThat(adopted.answers()).isTrue();
                adopted.resume();
                int counter = counter(spec);
                bench.await(() -> TinyGuest.counterOnDisk(bench.disk()) > counter);
                adopted.quit();
            }
        }
    }

    /** Like a daemon that is killed while it waits for the guest to stop. */
    private static void pauseWithoutItsDiskAndLetGo(Bench bench, VmSpec spec) throws Exception {
        try (Qemu qemu = Qemu.start(spec, Start.BOOT)) {
            int last = loseDiskBetweenWrites(bench, spec);
            bench.await(() -> counter(spec) >= last + 8);
            CountDownLatch still = new CountDownLatch(1);
            Thread.ofVirtual()
                    .start(() -> assertThatThrownBy(() -> qemu.pause(still::countDown))
                            .isInstanceOf(GodwitException.class));
            assertThat(still.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anAbandonedQemuIsEndedEvenIfItsDiskIsAwayAndItDoesNotAnswer() throws Exception {
        try (Bench bench = Bench.open();
                Qemu qemu = Qemu.start(bench.machine("source"), Start.BOOT)) {
            VmSpec spec = qemu.spec();
            int last = loseDiskBetweenWrites(bench, spec);
            bench.await(() -> counter(spec) >= last + 8);
            Thread.ofVirtual().start(() -> assertThatThrownBy(qemu::pause).isInstanceOf(GodwitException.class));
            assertThat(Qemu.killAbandoned(spec)).isTrue();
            assertThat(Qemu.killAbandoned(spec)).isFalse();
            assertThat(spec.ramFile()).doesNotExist();
        }
    }

    @Test
    void itsEndIsToldWithItsLastWordsAndItsFilesAreForItsOwner() throws Exception {
        try (Bench bench = Bench.open();
                Qemu qemu = Qemu.start(bench.machine("source"), Start.BOOT)) {
            BlockingQueue<QemuExit> exits = new LinkedBlockingQueue<>();
            BlockingQueue<GuestEvent> events = new LinkedBlockingQueue<>();
            qemu.onExit(exits::add);
            qemu.onEvent(events::add);
            assertThat(Files.getPosixFilePermissions(qemu.spec().runDir()))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
            assertThat(Files.getPosixFilePermissions(qemu.spec().ramFile()))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThatThrownBy(() -> Qemu.start(bench.machine("source"), Start.BOOT))
                    .hasMessageContaining("tiny has a QEMU already");
            qemu.pause();
            qemu.resume();
            GuestEvent first = events.poll(10, TimeUnit.SECONDS);
            boolean ofItsStart = first == GuestEvent.RESUMED;
            assertThat(ofItsStart ? events.poll(10, TimeUnit.SECONDS) : first).isEqualTo(GuestEvent.STOPPED);
            assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(GuestEvent.RESUMED);
            qemu.kill();
            assertThat(exits.poll(10, TimeUnit.SECONDS)).isNotNull().satisfies(exit -> {
                assertThat(exit.pid()).isEqualTo(qemu.pid());
                assertThat(exit.exitCode()).hasValue(137);
            });
            assertThatThrownBy(qemu::state).isInstanceOf(GodwitException.class);
        }
    }

    @Test
    void whatIsMissingIsSaidInASentenceAndNothingIsLeft() throws Exception {
        try (Bench bench = Bench.open()) {
            VmSpec good = bench.machine("source");
            Path nowhere = bench.directory().resolve("nowhere");
            assertRefused(with(good, nowhere, "root"), "disk root is not served as 'root' on " + nowhere);
            assertRefused(
                    with(good, good.disks().getFirst().nbdSocket(), "other"), "disk root is not served as 'other'");
            assertRefused(with(good, new Nic("gwabsent0", "52:54:00:12:34:56")), "no TAP interface gwabsent0");
            assertRefused(with(good, new MachineType("pc-q35-99.9", Accelerator.TCG, "qemu64")), "install QEMU 7.2");
            assertRefused(with(good, ByteCount.parse("1024TiB")), "there is no room for 1.00 PiB of RAM");
            assertRefused(with(good, Path.of("/" + "x".repeat(120))), "too long for sockets");
        }
    }

    private static void assertRefused(VmSpec spec, String sentence) {
        assertThatThrownBy(() -> Qemu.start(spec, Start.BOOT).kill())
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining(sentence);
        assertThat(spec.ramFile()).doesNotExist();
    }

    private static VmSpec with(VmSpec spec, Path nbdSocket, String export) {
        List<VmDisk> disks = List.of(new VmDisk(new DiskName("root"), nbdSocket, export));
        return new VmSpec(
                spec.name(), 1, spec.memory(), spec.ramFile(), spec.runDir(), disks, Optional.empty(), spec.machine());
    }

    private static VmSpec with(VmSpec spec, Nic nic) {
        return new VmSpec(
                spec.name(),
                1,
                spec.memory(),
                spec.ramFile(),
                spec.runDir(),
                spec.disks(),
                Optional.of(nic),
                spec.machine());
    }

    private static VmSpec with(VmSpec spec, MachineType machine) {
        return new VmSpec(
                spec.name(), 1, spec.memory(), spec.ramFile(), spec.runDir(), spec.disks(), spec.nic(), machine);
    }

    private static VmSpec with(VmSpec spec, ByteCount memory) {
        return new VmSpec(
                spec.name(), 1, memory, spec.ramFile(), spec.runDir(), spec.disks(), spec.nic(), spec.machine());
    }

    private static VmSpec with(VmSpec spec, Path runDir) {
        return new VmSpec(
                spec.name(), 1, spec.memory(), spec.ramFile(), runDir, spec.disks(), spec.nic(), spec.machine());
    }
}
