package io.godwit.site.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.PointWish;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.MarkName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import io.godwit.hypervisor.Accelerator;
import io.godwit.hypervisor.GuestAgent;
import io.godwit.hypervisor.MachineType;
import io.godwit.hypervisor.Qemu;
import io.godwit.hypervisor.Start;
import io.godwit.hypervisor.VmDisk;
import io.godwit.hypervisor.VmSpec;
import io.godwit.site.history.MarkNote.Kind;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;
import io.godwit.volume.HistoryWindow;
import io.godwit.volume.PointView;
import io.godwit.volume.Role;
import io.godwit.volume.StoreLimits;
import io.godwit.volume.nbd.NbdExport;
import io.godwit.volume.nbd.NbdServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Debian in a real machine: its agent freezes it for a mark, where its file system needs no repair. */
@Timeout(600)
class FrozenGuestTest {
    private static final DiskName ROOT = new DiskName("root");
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Where ext4's superblock is: behind the partition table's gap and the boot block. */
    private static final int SUPERBLOCK = (1 << 20) + 1024;

    private static final int MAGIC_AT = 0x38;
    private static final int INCOMPATIBLE_AT = 0x60;
    private static final int NEEDS_RECOVERY = 4;

    private Path directory = Path.of("");
    private GroupStore store;
    private Chronicle chronicle;
    private NbdServer disks;
    private Qemu machine;

    @BeforeEach
    void boot() throws Exception {
        directory = Files.createTempDirectory(Path.of("/dev/shm"), "godwit-test-");
        Path image = directory.resolve("root.raw");
        run("cp", "--sparse=always", "--no-preserve=mode", guest(), image.toString());
        List<DiskSpec> specs = List.of(new DiskSpec(ROOT, new ByteCount(Files.size(image)), image));
        Path in = Files.createDirectory(directory.resolve("store"));
        GroupStore.create(in, specs, Role.PRIMARY, Term.FIRST, Position.START, StoreLimits.DEFAULT)
                .close();
        store = GroupStore.open(in, StoreLimits.DEFAULT, HistoryWindow.DEFAULT);
        chronicle = new Chronicle(store, Clock.systemUTC());
        chronicle.speak();
        Path socket = directory.resolve("nbd.sock");
        disks = new NbdServer(socket, List.of(new NbdExport("root", store.disk(ROOT), DurabilityRule.local(store))));
        machine = Qemu.start(spec(socket), Start.BOOT);
        await(() -> machine.hasAgent());
    }

    @AfterEach
    void end() throws Exception {
        Qemu.killAbandoned(machine.spec());
        machine.close();
        disks.close();
        chronicle.close();
        store.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private VmSpec spec(Path socket) {
        return new VmSpec(
                new VmName("guest"),
                1,
                ByteCount.ofMiB(160),
                directory.resolve("ram"),
                directory.resolve("vm"),
                List.of(new VmDisk(ROOT, socket, "root")),
                Optional.empty(),
                MachineType.newest(Accelerator.TCG));
    }

    private static String guest() throws Exception {
        return run(Path.of("..", "lab", "guest", "build").toString()).strip();
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
        return output;
    }

    /** Something to wait for. */
    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
            Thread.sleep(Duration.ofMillis(100));
        }
    }

    /** A machine's agent, as marks use it. */
    private record Inside(GuestAgent agent) implements Freeze.Guest {
        @Override
        public VmName name() {
            return agent.vm();
        }

        @Override
        public int freeze() {
            return agent.freeze();
        }

        @Override
        public void thaw() {
            agent.thaw();
        }
    }

    private boolean needsRecovery(String mark) throws IOException {
        Position position = Points.of(store).find(PointWish.parse(mark));
        ByteBuffer block = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
        try (PointView view = store.history().open(position)) {
            view.read(ROOT, SUPERBLOCK, block);
        }
        assertThat(block.getShort(MAGIC_AT)).as("ext4's magic number").isEqualTo((short) 0xef53);
        return (block.getInt(INCOMPATIBLE_AT) & NEEDS_RECOVERY) != 0;
    }

    @Test
    void aFrozenGuestsDiskNeedsNoRecoveryAndWhoeverComesAfterAKillThawsIt() throws Exception {
        Inside inside = new Inside(machine.agent());
        machine.agent().run(List.of("/bin/touch", "/var/lib/redis/seen"), Duration.ofSeconds(60));
        chronicle.mark(new MarkName("crash"), Kind.CRASH);
        Freeze.Outcome<Chronicle.Made> outcome = new Freeze(directory)
                .during(List.of(inside), () -> chronicle.mark(new MarkName("frozen"), Kind.APPLICATION));
        assertThat(outcome.held().getFirst().fileSystems()).isPositive();
        assertThat(machine.agent().frozen()).isFalse();
        assertThat(needsRecovery("crash")).as("as after a power failure").isTrue();
        assertThat(needsRecovery("frozen")).as("written back as a whole").isFalse();
        freezeAndNeverComeBack(inside);
        machine.close();
        try (Qemu adopted = Qemu.adopt(machine.spec()).orElseThrow()) {
            Freeze next = new Freeze(directory);
            assertThat(next.noted()).containsExactly(inside.name());
            assertThat(adopted.agent().frozen()).isTrue();
            assertThat(next.thawNoted(name -> Optional.of(new Inside(adopted.agent()))))
                    .isTrue();
            assertThat(adopted.agent().frozen()).isFalse();
            adopted.agent().run(List.of("/bin/touch", "/var/lib/redis/again"), Duration.ofSeconds(60));
        }
    }

    /** Like a daemon that is killed in between. */
    private void freezeAndNeverComeBack(Inside inside) throws InterruptedException {
        CountDownLatch frozen = new CountDownLatch(1);
        Thread.ofPlatform()
                .daemon()
                .start(new FutureTask<>(() -> new Freeze(directory).during(List.of(inside), () -> {
                    frozen.countDown();
                    Thread.sleep(Duration.ofDays(1));
                    return 0;
                })));
        frozen.await();
    }
}
