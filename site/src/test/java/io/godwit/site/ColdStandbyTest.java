package io.godwit.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.CheckpointWish;
import io.godwit.api.FailoverReport;
import io.godwit.api.GroupStatus;
import io.godwit.core.ByteCount;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.VmName;
import io.godwit.link.ChannelKind;
import io.godwit.link.Link;
import io.godwit.memory.CheckpointId;
import io.godwit.memory.CheckpointSender;
import io.godwit.memory.MachineRam;
import io.godwit.memory.MemoryLimits;
import io.godwit.memory.RamFile;
import io.godwit.volume.GroupStore;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A site that follows keeps the memory of machines that run elsewhere, in files, and says what it would do with it. */
@Timeout(120)
class ColdStandbyTest {
    private static final VmName DB = new VmName("db");
    private static final ByteCount MEMORY = ByteCount.ofMiB(64);

    @TempDir
    Path directory = Path.of("");

    private FollowingSite west;
    private GroupStore owner;
    private RamFile ram;

    @BeforeEach
    void begin() throws Exception {
        west = new FollowingSite(directory);
        owner = west.found();
        west.pair();
        west.define(FollowingSite.definition()
                .with(new CheckpointWish(Optional.of(5), Optional.of(CheckpointWish.Standby.COLD), Optional.empty())));
        Path file = directory.resolve("db.ram");
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(MEMORY.bytes());
        }
        ram = RamFile.map(file, MEMORY);
    }

    @AfterEach
    void end() throws Exception {
        ram.close();
        owner.close();
        west.close();
    }

    private CheckpointSender sender(MachineRam machine) throws Exception {
        return CheckpointSender.open(
                List.of(new CheckpointSender.Source(machine, ram, ByteBuffer.allocate(0))),
                new Link(west.owner(), FollowingSite.WEST)
                        .open(ChannelKind.CHECKPOINT, Optional.of(FollowingSite.SHOP)),
                MemoryLimits.standard());
    }

    private CheckpointSender sender() throws Exception {
        return sender(new MachineRam(DB, MEMORY));
    }

    private void send(CheckpointSender sender, int number, Position position) throws Exception {
        sender.approach();
        ram.memory().asByteBuffer().putInt(1_000 * number, number);
        sender.capture(machine -> new byte[] {(byte) number});
        sender.ship(new CheckpointId(number, owner.term(), position, System.currentTimeMillis()));
    }

    private Optional<Position> kept() {
        return west.status()
                .checkpoints()
                .flatMap(GroupStatus.Checkpoints::kept)
                .map(GroupStatus.Kept::position);
    }

    private FailoverReport propose() {
        ApiRequest question =
                new ApiRequest.FailOver(FollowingSite.SHOP, Optional.empty(), Optional.empty(), false, false);
        return ((ApiReply.FailedOver) west.api().ask(question)).report();
    }

    @Test
    void theLastCheckpointIsKeptAlsoOverARestartOfTheDaemon() throws Exception {
        west.ship(owner);
        assertThat(kept()).isEmpty();
        try (CheckpointSender sender = sender()) {
            send(sender, 1, owner.head());
            send(sender, 2, owner.head());
        }
        assertThat(kept()).contains(owner.head());
        west.restart();
        assertThat(kept()).contains(owner.head());
        try (RamFile image = RamFile.map(west.group().resolve("db.memory"), MEMORY)) {
            assertThat(image.memory().asByteBuffer().getInt(2_000)).isEqualTo(2);
        }
        assertThat(propose().risks())
                .anyMatch(risk -> risk.contains("go on from their memory") && risk.contains("nothing was written"));
    }

    @Test
    void aCheckpointWaitsForTheLogThatItBelongsTo() throws Exception {
        west.ship(owner);
        try (CheckpointSender sender = sender()) {
            send(sender, 1, owner.head());
            Position first = owner.head();
            Position ahead = west.write(owner, 0, 8_192);
            FutureTask<Void> second = new FutureTask<>(() -> {
                send(sender, 2, ahead);
                return null;
            });
            Thread.ofVirtual().start(second);
            Thread.sleep(300);
            assertThat(second.isDone()).isFalse();
            assertThat(kept()).contains(first);
            west.ship(owner);
            second.get();
            assertThat(kept()).contains(ahead);
        }
    }

    @Test
    void machinesWhoseDisksWentOnForLongAreBooted() throws Exception {
        west.ship(owner);
        try (CheckpointSender sender = sender()) {
            send(sender, 1, owner.head());
        }
        Position then = owner.head();
        west.write(owner, 0, 8_192);
        owner.mark(System.currentTimeMillis() + 10_000, ByteBuffer.allocate(0));
        owner.awaitDurable(owner.head());
        west.ship(owner);
        FailoverReport soon = propose();
        assertThat(soon.copy().promoted()).isEqualTo(then);
        assertThat(soon.risks()).anyMatch(risk -> risk.contains("8.00 KiB") && risk.contains("is given up"));
        owner.mark(System.currentTimeMillis() + 30_000, ByteBuffer.allocate(0));
        owner.awaitDurable(owner.head());
        west.ship(owner);
        FailoverReport late = propose();
        assertThat(late.copy().promoted()).isEqualTo(late.copy().shipped());
        assertThat(late.risks())
                .anyMatch(risk -> risk.contains("booted from their disks") && risk.contains("15.0 s are allowed"));
    }

    @Test
    void checkpointsOfOtherMachinesOrWithoutAReplicaAreRefused() throws Exception {
        assertThatThrownBy(this::sender)
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("is not complete yet");
        west.ship(owner);
        assertThatThrownBy(() -> sender(new MachineRam(new VmName("other"), MEMORY)))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("not of the machines");
        assertThat(kept()).isEmpty();
    }

    @Test
    void aNewerChannelTakesThePlaceOfAnOlderOne() throws Exception {
        west.ship(owner);
        try (CheckpointSender old = sender()) {
            send(old, 1, owner.head());
            try (CheckpointSender fresh = sender()) {
                assertThatThrownBy(() -> send(old, 2, owner.head())).isInstanceOf(Exception.class);
                assertThat(kept()).contains(owner.head());
                send(fresh, 1, owner.head());
            }
        }
        assertThat(kept()).contains(owner.head());
    }
}
