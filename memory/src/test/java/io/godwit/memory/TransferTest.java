package io.godwit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** RAM moves from one file to another over a channel. */
@Timeout(60)
class TransferTest {
    private static final long RAM_BYTES = 16 << 20;
    private static final MemoryLimits LIMITS = MemoryLimits.standard();

    @TempDir
    Path directory = Path.of("");

    @Test
    void bothRamsAreEqualAfterTheLastRoundThoughTheGuestWroteInAllTheOthers() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        byte[] state = new byte[300_000];
        new Random(seed).nextBytes(state);
        try (RamFile source = Ram.create(directory.resolve("source"), RAM_BYTES);
                RamFile target = Ram.create(directory.resolve("target"), RAM_BYTES);
                SocketPair channels = SocketPair.open();
                MemoryReceiver receiver = new MemoryReceiver(target, channels.right(), LIMITS)) {
            Ram.disturb(source, new Random(seed), 2000);
            Ram.disturb(target, new Random(seed + 1), 500);
            FutureTask<ReceivedMemory> received = start(receiver::run);
            try (MemorySender sender = MemorySender.open(source, channels.left(), LIMITS, MemoryProgress.NONE)) {
                runRoundsBesideAGuest(source, seed, sender);
                FinalReport report = sender.finalRound(() -> state);
                sender.awaitReceived();
                assertThat(report.deviceStateBytes()).isEqualTo(state.length);
            }
            assertThat(PageDigests.of(target).differingFrom(PageDigests.of(source)))
                    .isEmpty();
            assertThat(received.get().deviceState()).isEqualTo(ByteBuffer.wrap(state));
            assertThat(received.get().rounds()).isEqualTo(5);
        }
    }

    private static void runRoundsBesideAGuest(RamFile source, long seed, MemorySender sender) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        Thread guest = Thread.ofPlatform().start(() -> {
            Random random = new Random(seed + 2);
            while (!stop.get()) {
                Ram.disturb(source, random, 10);
            }
        });
        try {
            for (int round = 1; round <= 4; round++) {
                assertThat(sender.round().round()).isEqualTo(round);
            }
        } finally {
            stop.set(true);
            guest.join();
        }
    }

    @Test
    void aQuietGuestCostsAlmostNothingAfterTheFirstRound() throws Exception {
        try (RamFile source = Ram.create(directory.resolve("source"), RAM_BYTES);
                RamFile target = Ram.create(directory.resolve("target"), RAM_BYTES);
                SocketPair channels = SocketPair.open();
                MemoryReceiver receiver = new MemoryReceiver(target, channels.right(), LIMITS)) {
            Ram.disturb(source, new Random(1), 1000);
            FutureTask<ReceivedMemory> received = start(receiver::run);
            try (MemorySender sender = MemorySender.open(source, channels.left(), LIMITS, MemoryProgress.NONE)) {
                RoundReport first = sender.round();
                assertThat(first.changedPages() + first.zeroPages()).isEqualTo(source.pages());
                assertThat(sender.predict()).isEmpty();
                RoundReport second = sender.round();
                assertThat(second.changedPages() + second.zeroPages()).isZero();
                assertThat(second.wireBytes()).isLessThan(100);
                assertThat(sender.predict())
                        .hasValueSatisfying(it -> assertThat(it.wireBytes()).isLessThan(1000));
                source.memory().asByteBuffer().put(5000, (byte) 1).put(5001, (byte) 2);
                FinalReport last = sender.finalRound(() -> new byte[0]);
                assertThat(last.round().changedPages()).isEqualTo(1);
                assertThat(last.round().wireBytes()).isLessThan(200);
            }
            assertThat(received.get().changedPages()).isPositive();
            assertThat(target.memory().asByteBuffer().get(5001)).isEqualTo((byte) 2);
        }
    }

    @Test
    void aDeviceStateThatResemblesItsReferenceIsSmall() throws Exception {
        byte[] firmware = new byte[256 << 10];
        new Random(1).nextBytes(firmware);
        byte[] state = firmware.clone();
        state[1000]++;
        try (RamFile source = Ram.create(directory.resolve("source"), 1 << 20);
                RamFile target = Ram.create(directory.resolve("target"), 1 << 20);
                SocketPair channels = SocketPair.open();
                MemoryReceiver receiver = new MemoryReceiver(target, channels.right(), LIMITS)) {
            FutureTask<ReceivedMemory> received = start(receiver::run);
            try (MemorySender sender = MemorySender.open(source, channels.left(), LIMITS, MemoryProgress.NONE)) {
                sender.sendReference(firmware);
                sender.round();
                assertThat(sender.finalRound(() -> state).deviceStateWireBytes())
                        .isLessThan(4096);
            }
            assertThat(received.get().deviceState()).isEqualTo(ByteBuffer.wrap(state));
        }
    }

    @Test
    void progressGoesFromNothingToAllPages() throws Exception {
        AtomicLong most = new AtomicLong();
        try (RamFile source = Ram.create(directory.resolve("source"), RAM_BYTES);
                RamFile target = Ram.create(directory.resolve("target"), RAM_BYTES);
                SocketPair channels = SocketPair.open();
                MemoryReceiver receiver = new MemoryReceiver(target, channels.right(), LIMITS)) {
            FutureTask<ReceivedMemory> received = start(receiver::run);
            MemoryProgress progress = (round, scanned, total, bytes) -> {
                assertThat(total).isEqualTo(source.pages());
                most.accumulateAndGet(scanned, Math::max);
            };
            try (MemorySender sender = MemorySender.open(source, channels.left(), LIMITS, progress)) {
                sender.round();
            }
            assertThat(most.get()).isEqualTo(source.pages());
            assertThatThrownBy(received::get).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void ramsOfDifferentSizesAreRefusedWithASentenceAtBothEnds() throws Exception {
        try (RamFile source = Ram.create(directory.resolve("source"), 2 << 20);
                RamFile target = Ram.create(directory.resolve("target"), 1 << 20);
                SocketPair channels = SocketPair.open();
                MemoryReceiver receiver = new MemoryReceiver(target, channels.right(), LIMITS)) {
            FutureTask<ReceivedMemory> received = start(receiver::run);
            assertThatThrownBy(() -> MemorySender.open(source, channels.left(), LIMITS, MemoryProgress.NONE))
                    .isInstanceOf(GodwitException.class)
                    .hasMessageContaining("the sender's RAM is 2.00 MiB")
                    .hasMessageContaining("here it is 1.00 MiB");
            assertThatThrownBy(received::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("the sender's RAM is 2.00 MiB");
        }
    }

    @Test
    void aTargetThatWroteToItsRamIsFoundOut() throws Exception {
        try (RamFile source = Ram.create(directory.resolve("source"), 1 << 20);
                RamFile target = Ram.create(directory.resolve("target"), 1 << 20);
                SocketPair channels = SocketPair.open();
                MemoryReceiver receiver = new MemoryReceiver(target, channels.right(), LIMITS)) {
            source.memory().fill((byte) 7);
            FutureTask<ReceivedMemory> received = start(receiver::run);
            try (MemorySender sender = MemorySender.open(source, channels.left(), LIMITS, MemoryProgress.NONE)) {
                sender.round();
                target.memory().asByteBuffer().put(100, (byte) 1);
                source.memory().asByteBuffer().put(200, (byte) 1);
                assertThatThrownBy(sender::round).hasMessageContaining("don't have the content that was sent");
            }
            assertThatThrownBy(received::get).hasMessageContaining("don't have the content that was sent");
        }
    }

    @Test
    void aFailedSaveFailsTheLastRoundAndTheTransfer() throws Exception {
        try (RamFile source = Ram.create(directory.resolve("source"), 1 << 20);
                RamFile target = Ram.create(directory.resolve("target"), 1 << 20);
                SocketPair channels = SocketPair.open();
                MemoryReceiver receiver = new MemoryReceiver(target, channels.right(), LIMITS)) {
            FutureTask<ReceivedMemory> received = start(receiver::run);
            try (MemorySender sender = MemorySender.open(source, channels.left(), LIMITS, MemoryProgress.NONE)) {
                sender.round();
                assertThatThrownBy(() -> sender.finalRound(() -> {
                            throw new IOException("no state today");
                        }))
                        .hasMessage("no state today");
            }
            assertThatThrownBy(received::get).hasCauseInstanceOf(IOException.class);
        }
    }

    /** Otherwise the guest might be resumed while its state is still being saved. */
    @Test
    void aBrokenChannelEndsTheLastRoundOnlyWhenTheSavingHasEnded() throws Exception {
        try (RamFile source = Ram.create(directory.resolve("source"), RAM_BYTES);
                RamFile target = Ram.create(directory.resolve("target"), RAM_BYTES);
                SocketPair channels = SocketPair.open();
                MemoryReceiver receiver = new MemoryReceiver(target, channels.right(), LIMITS)) {
            FutureTask<ReceivedMemory> received = start(receiver::run);
            try (MemorySender sender = MemorySender.open(source, channels.left(), LIMITS, MemoryProgress.NONE)) {
                sender.round();
                Ram.disturb(source, new Random(1), 1000);
                AtomicBoolean saved = new AtomicBoolean();
                channels.cut();
                assertThatThrownBy(() -> sender.finalRound(() -> {
                            Thread.sleep(Duration.ofMillis(200));
                            saved.set(true);
                            return new byte[0];
                        }))
                        .isInstanceOf(IOException.class);
                assertThat(saved).isTrue();
            }
            assertThatThrownBy(received::get).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void aSilentPeerIsGivenUp() throws Exception {
        MemoryLimits hasty = new MemoryLimits(1, 1, Duration.ofMillis(50), Duration.ofMillis(300));
        try (RamFile source = Ram.create(directory.resolve("source"), 1 << 20);
                SocketPair channels = SocketPair.open()) {
            assertThatThrownBy(() -> MemorySender.open(source, channels.left(), hasty, MemoryProgress.NONE))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the peer was silent for more than 300 ms");
            try (MemoryReceiver receiver =
                    new MemoryReceiver(source, SocketPair.open().right(), hasty)) {
                assertThatThrownBy(receiver::run).hasMessageContaining("silent");
            }
        }
    }

    /** The link stands still in the middle of the first round, with its buffers full: the sender waits, then gives up. */
    @Test
    void aBlockedLinkEndsTheRoundAndNothingIsLeftBehind() throws Exception {
        MemoryLimits hasty = new MemoryLimits(1, 2, Duration.ofMillis(50), Duration.ofMillis(400));
        try (RamFile source = Ram.create(directory.resolve("source"), RAM_BYTES);
                SocketPair channels = SocketPair.open()) {
            Ram.disturb(source, new Random(1), 20_000);
            FutureTask<Void> deaf = start(() -> {
                new FrameReader(channels.right().input()).next();
                new FrameWriter(channels.right().output()).write(new Frame.Welcome(Frame.VERSION));
                return null;
            });
            try (MemorySender sender = MemorySender.open(source, channels.left(), hasty, MemoryProgress.NONE)) {
                deaf.get();
                assertThatThrownBy(sender::round)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("silent");
            }
        }
    }

    private static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }
}
