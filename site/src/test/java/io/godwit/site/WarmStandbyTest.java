package io.godwit.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.CheckpointWish;
import io.godwit.api.GroupStatus;
import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import io.godwit.core.VmName;
import io.godwit.link.ChannelKind;
import io.godwit.link.Link;
import io.godwit.memory.CheckpointId;
import io.godwit.memory.CheckpointSender;
import io.godwit.memory.MachineRam;
import io.godwit.memory.MemoryLimits;
import io.godwit.memory.RamFile;
import io.godwit.site.tenure.OwnNetwork;
import io.godwit.volume.GroupStore;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A site that follows, with a QEMU that waits for the machine's device state: it outlives the daemon, and so does what is in its memory. */
@Timeout(300)
@EnabledIfSystemProperty(named = "user.name", matches = "root", disabledReason = "namespaces need root")
class WarmStandbyTest {
    private static final MachineRam DB = new MachineRam(new VmName("db"), ByteCount.ofMiB(64));

    @TempDir
    Path directory = Path.of("");

    private abstract static class Waiting implements OwnNetwork.Case {
        private Path directory = Path.of("");

        abstract void at(FollowingSite west, GroupStore owner, RamFile ram) throws Exception;

        @Override
        public void run(Path place) throws Exception {
            directory = place;
            Path file = place.resolve("db.owners-ram");
            try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
                made.setLength(DB.size().bytes());
            }
            FollowingSite west = new FollowingSite(place);
            try (GroupStore owner = west.found();
                    RamFile ram = RamFile.map(file, DB.size())) {
                west.pair();
                west.define(FollowingSite.definition()
                        .with(new CheckpointWish(
                                Optional.of(5), Optional.of(CheckpointWish.Standby.WARM), Optional.empty())));
                west.ship(owner);
                byte[] content = new byte[32 << 20];
                new Random(5).nextBytes(content);
                ram.memory().asByteBuffer().put(0, content);
                at(west, owner, ram);
            } finally {
                west.closeWithMachines();
            }
            assertThat(qemus()).isEmpty();
        }

        /** Brings a checkpoint; returns what crossed. */
        long send(FollowingSite west, GroupStore owner, RamFile ram) throws Exception {
            Link link = new Link(west.owner(), FollowingSite.WEST);
            try (CheckpointSender sender = CheckpointSender.open(
                    List.of(new CheckpointSender.Source(DB, ram, ByteBuffer.allocate(0))),
                    link.open(ChannelKind.CHECKPOINT, Optional.of(FollowingSite.SHOP)),
                    MemoryLimits.standard())) {
                sender.approach();
                sender.capture(machine -> new byte[] {1});
                return sender.ship(new CheckpointId(1, owner.term(), owner.head(), System.currentTimeMillis()))
                        .wireBytes();
            }
        }

        static Optional<Position> kept(FollowingSite west) {
            return west.status()
                    .checkpoints()
                    .flatMap(GroupStatus.Checkpoints::kept)
                    .map(GroupStatus.Kept::position);
        }

        List<ProcessHandle> qemus() {
            return ProcessHandle.allProcesses()
                    .filter(process -> process.info()
                            .commandLine()
                            .filter(line -> line.contains("qemu-system") && line.contains(directory.toString()))
                            .isPresent())
                    .toList();
        }
    }

    private static final class OverARestart extends Waiting {
        @Override
        void at(FollowingSite west, GroupStore owner, RamFile ram) throws Exception {
            long first = send(west, owner, ram);
            assertThat(first).isGreaterThan(32 << 20);
            List<ProcessHandle> waiting = qemus();
            assertThat(waiting).hasSize(1);
            west.restart();
            assertThat(kept(west)).contains(owner.head());
            assertThat(qemus()).isEqualTo(waiting);
            ram.memory().asByteBuffer().putInt(5_000_000, 7);
            assertThat(send(west, owner, ram)).isLessThan(first / 10);
            assertThat(qemus()).isEqualTo(waiting);
            assertThat(kept(west)).contains(owner.head());
        }
    }

    private static final class WithoutItsMachine extends Waiting {
        @Override
        void at(FollowingSite west, GroupStore owner, RamFile ram) throws Exception {
            long first = send(west, owner, ram);
            west.whileStopped(() -> {
                for (ProcessHandle qemu : qemus()) {
                    qemu.destroyForcibly();
                    qemu.onExit().get();
                }
            });
            assertThat(kept(west)).isEmpty();
            assertThat(send(west, owner, ram)).isGreaterThan(first / 2);
            assertThat(qemus()).hasSize(1);
            assertThat(kept(west)).contains(owner.head());
        }
    }

    @Test
    void whatIsInMemoryIsThereForTheNextDaemon() {
        OwnNetwork.run(OverARestart.class, directory);
    }

    @Test
    void whatWasLostWithItsMachineIsBroughtAgain() {
        OwnNetwork.run(WithoutItsMachine.class, directory);
    }
}
