package io.godwit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two machines write to their memory, and checkpoint after checkpoint of both is kept at the other end. */
@Timeout(60)
class CheckpointTest {
    private static final long RAM_BYTES = 8 << 20;
    private static final MachineRam DB = new MachineRam(new VmName("db"), new ByteCount(RAM_BYTES));
    private static final MachineRam WEB = new MachineRam(new VmName("web"), new ByteCount(RAM_BYTES));

    @TempDir
    Path directory = Path.of("");

    private final List<RamFile> rams = new ArrayList<>();
    private final Random random = new Random(7);
    private Images images = new Images(List.of());

    /** Keeps the last checkpoint. */
    private static final class Images implements CheckpointKeeper {
        private final List<RamFile> files;
        private final List<CheckpointId> kept = new ArrayList<>();
        private List<byte[]> states = List.of();
        private boolean whole;

        Images(List<RamFile> files) {
            this.files = files;
        }

        @Override
        public List<RamFile> images(List<MachineRam> machines) {
            assertThat(machines).containsExactly(DB, WEB);
            return files;
        }

        @Override
        public boolean imagesAreWhole() {
            return whole;
        }

        @Override
        public void replace(CheckpointId id, List<byte[]> deviceStates, Change change) throws IOException {
            change.carryOut();
            kept.add(id);
            states = deviceStates;
        }
    }

    @BeforeEach
    void makeRams() throws IOException {
        for (String name : List.of("db", "web", "db-image", "web-image")) {
            rams.add(Ram.create(directory.resolve(name), RAM_BYTES));
        }
        images = new Images(rams.subList(2, 4));
        rams.forEach(ram -> Ram.disturb(ram, random, 500));
    }

    @AfterEach
    void unmap() {
        rams.forEach(RamFile::close);
    }

    private List<CheckpointSender.Source> sources() {
        ByteBuffer firmware = ByteBuffer.allocate(10_000);
        return List.of(
                new CheckpointSender.Source(DB, rams.get(0), firmware),
                new CheckpointSender.Source(WEB, rams.get(1), firmware));
    }

    private FutureTask<Void> receiving(SocketPair channels) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            try (CheckpointReceiver receiver = new CheckpointReceiver(
                    channels.right(), MemoryLimits.standard(), directory.resolve("spool"), images)) {
                receiver.run();
            }
            return null;
        });
        Thread.ofVirtual().start(task);
        return task;
    }

    private static CheckpointId id(int number) {
        return new CheckpointId(number, Term.FIRST, new Position(number * 1000L), 1_700_000_000_000L + number);
    }

    private void assertImagesAre(List<PageDigests> expected) {
        for (int i = 0; i < expected.size(); i++) {
            assertThat(PageDigests.of(rams.get(2 + i)).differingFrom(expected.get(i)))
                    .isEmpty();
        }
    }

    private List<PageDigests> memories() {
        return List.of(PageDigests.of(rams.get(0)), PageDigests.of(rams.get(1)));
    }

    @Test
    void eachCheckpointHoldsWhatTheMachinesHadWhenTheyStoodStill() throws Exception {
        try (SocketPair channels = SocketPair.open()) {
            FutureTask<Void> receiving = receiving(channels);
            try (CheckpointSender sender = CheckpointSender.open(sources(), channels.left(), MemoryLimits.standard())) {
                for (int number = 1; number <= 5; number++) {
                    sender.approach();
                    rams.subList(0, 2).forEach(ram -> Ram.disturb(ram, random, 100));
                    byte stamp = (byte) number;
                    sender.capture(machine -> new byte[] {stamp, (byte) (machine.equals(DB) ? 0 : 1)});
                    List<PageDigests> then = memories();
                    rams.subList(0, 2).forEach(ram -> Ram.disturb(ram, random, 100));
                    CheckpointSender.Shipped shipped = sender.ship(id(number));
                    assertImagesAre(then);
                    assertThat(images.kept.getLast()).isEqualTo(id(number)).isEqualTo(shipped.id());
                    assertThat(images.states).containsExactly(new byte[] {stamp, 0}, new byte[] {stamp, 1});
                }
            }
            assertThatThrownBy(receiving::get).hasCauseInstanceOf(IOException.class);
            assertThat(Files.exists(directory.resolve("spool"))).isFalse();
        }
    }

    @Test
    void onlyWhatChangedIsSentAfterTheFirst() throws Exception {
        try (SocketPair channels = SocketPair.open()) {
            FutureTask<Void> receiving = receiving(channels);
            try (CheckpointSender sender = CheckpointSender.open(sources(), channels.left(), MemoryLimits.standard())) {
                for (int number = 1; number <= 2; number++) {
                    sender.approach();
                    sender.capture(machine -> new byte[100]);
                    CheckpointSender.Shipped shipped = sender.ship(id(number));
                    assertThat(shipped.pages()).isEqualTo(number == 1 ? 2 * RAM_BYTES / RamFile.PAGE_BYTES : 0);
                }
                sender.approach();
                rams.getFirst().memory().asByteBuffer().putInt(5000, 42);
                sender.capture(machine -> new byte[100]);
                assertThat(sender.ship(id(3)).wireBytes()).isLessThan(1000);
            }
            assertThatThrownBy(receiving::get).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void aCheckpointThatIsCutOffLeavesTheLastOneAsItWas() throws Exception {
        try (SocketPair channels = SocketPair.open()) {
            FutureTask<Void> receiving = receiving(channels);
            List<PageDigests> then = List.of();
            try (CheckpointSender sender = CheckpointSender.open(sources(), channels.left(), MemoryLimits.standard())) {
                sender.approach();
                sender.capture(machine -> new byte[100]);
                sender.ship(id(1));
                then = memories();
                rams.subList(0, 2).forEach(ram -> Ram.disturb(ram, random, 1000));
                sender.approach();
                sender.capture(machine -> new byte[100]);
                channels.right().close();
                assertThatThrownBy(() -> sender.ship(id(2))).isInstanceOf(IOException.class);
            }
            assertThatThrownBy(receiving::get).isInstanceOf(ExecutionException.class);
            assertImagesAre(then);
            assertThat(images.kept).containsExactly(id(1));
        }
    }

    @Test
    void aNewSenderBringsTheWholeMemoryOnceMore() throws Exception {
        for (int turn = 0; turn < 2; turn++) {
            try (SocketPair channels = SocketPair.open()) {
                FutureTask<Void> receiving = receiving(channels);
                try (CheckpointSender sender =
                        CheckpointSender.open(sources(), channels.left(), MemoryLimits.standard())) {
                    rams.forEach(ram -> Ram.disturb(ram, random, 100));
                    sender.approach();
                    sender.capture(machine -> new byte[100]);
                    sender.ship(id(1));
                    assertImagesAre(memories());
                }
                assertThatThrownBy(receiving::get).hasCauseInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void aNewSenderBringsOnlyWhatIsDifferentIfThereIsACheckpoint() throws Exception {
        for (int turn = 1; turn <= 3; turn++) {
            try (SocketPair channels = SocketPair.open()) {
                FutureTask<Void> receiving = receiving(channels);
                try (CheckpointSender sender =
                        CheckpointSender.open(sources(), channels.left(), MemoryLimits.standard())) {
                    rams.subList(0, 2).forEach(ram -> Ram.disturb(ram, random, 20));
                    sender.approach();
                    rams.subList(0, 2).forEach(ram -> Ram.disturb(ram, random, 20));
                    sender.capture(machine -> new byte[100]);
                    CheckpointSender.Shipped shipped = sender.ship(id(1));
                    assertImagesAre(memories());
                    long all = 2 * RAM_BYTES / RamFile.PAGE_BYTES;
                    if (turn == 1) {
                        assertThat(shipped.pages()).isGreaterThanOrEqualTo(all);
                    } else {
                        assertThat(shipped.pages()).isBetween(1L, 80L);
                    }
                    rams.subList(0, 2).forEach(ram -> Ram.disturb(ram, random, 20));
                    sender.approach();
                    sender.capture(machine -> new byte[100]);
                    sender.ship(id(2));
                    assertImagesAre(memories());
                }
                assertThatThrownBy(receiving::get).hasCauseInstanceOf(IOException.class);
            }
            images.whole = true;
        }
    }

    /** What isn't held, and wasn't told of, is somebody else's memory. */
    @Test
    void whoWasNotToldWhatIsHeldMustSendEverything() throws Exception {
        images.whole = true;
        try (SocketPair channels = SocketPair.open()) {
            FutureTask<Void> receiving = receiving(channels);
            Lifeline sender = new Lifeline(channels.left(), MemoryLimits.standard());
            sender.writer().write(new Frame.Machines(2, RamFile.PAGE_BYTES, List.of(DB, WEB)));
            assertThat(sender.reader().next()).isEqualTo(new Frame.Welcome(2));
            for (int machine = 0; machine < 2; machine++) {
                sender.writer().write(new Frame.Machine(machine));
                sender.writer().write(new Frame.DeviceState(PackedBytes.pack(new byte[100], new byte[0])));
            }
            sender.writer().write(new Frame.Checkpoint(id(1)));
            assertThatThrownBy(receiving::get).hasMessageContaining("a first checkpoint without all pages");
            sender.close();
        }
        assertThat(images.kept).isEmpty();
    }

    @Test
    void whoKeepsTheCheckpointsMayRefuseThemInASentence() throws Exception {
        CheckpointKeeper full = new CheckpointKeeper() {
            @Override
            public List<RamFile> images(List<MachineRam> machines) {
                throw new GodwitException(ErrorCode.NO_SPACE, "there is no room for them");
            }

            @Override
            public boolean imagesAreWhole() {
                throw new IllegalStateException();
            }

            @Override
            public void replace(CheckpointId id, List<byte[]> deviceStates, Change change) {
                throw new IllegalStateException();
            }
        };
        try (SocketPair channels = SocketPair.open()) {
            FutureTask<Void> receiving = new FutureTask<>(() -> {
                new CheckpointReceiver(channels.right(), MemoryLimits.standard(), directory.resolve("spool"), full)
                        .run();
                return null;
            });
            Thread.ofVirtual().start(receiving);
            assertThatThrownBy(() -> CheckpointSender.open(sources(), channels.left(), MemoryLimits.standard()))
                    .isInstanceOf(GodwitException.class)
                    .hasMessageContaining("there is no room for them");
            assertThatThrownBy(receiving::get).hasCauseInstanceOf(GodwitException.class);
        }
    }
}
