package io.godwit.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.GodwitException;
import io.godwit.memory.FinalReport;
import io.godwit.memory.MemoryLimits;
import io.godwit.memory.MemoryProgress;
import io.godwit.memory.MemoryReceiver;
import io.godwit.memory.MemorySender;
import io.godwit.memory.PageDigests;
import io.godwit.memory.PauseParts;
import io.godwit.memory.RamFile;
import io.godwit.memory.ReceivedMemory;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A working guest moves from one real QEMU to another on this machine. */
@Timeout(120)
class MoveTest {
    private static final MemoryLimits LIMITS = new MemoryLimits(1, 2, Duration.ofMillis(250), Duration.ofSeconds(20));

    @Test
    void aGuestGoesOnCountingAtTheOtherSideWithTheSameRam() throws Exception {
        try (Bench bench = Bench.open();
                Qemu source = Qemu.start(bench.machine("source"), Start.BOOT);
                RamFile sourceRam = RamFile.map(source.spec().ramFile(), Bench.MEMORY)) {
            bench.awaitCounter(sourceRam, 20);
            try (Qemu target = Qemu.start(bench.machine("target"), Start.INCOMING);
                    RamFile targetRam = RamFile.map(target.spec().ramFile(), Bench.MEMORY)) {
                assertThat(target.state()).isEqualTo(VmState.INMIGRATE);
                assertThatThrownBy(target::resume).hasMessageContaining("its state has not been loaded");

                PauseParts pause = move(bench, source, sourceRam, target, targetRam);
                System.out.println("pause " + pause.total().toMillis() + " ms: " + pause);

                int moved = TinyGuest.counter(targetRam);
                assertThat(moved).isEqualTo(TinyGuest.counter(sourceRam));
                target.resume();
                bench.awaitCounter(targetRam, moved + 20);
                bench.await(() -> TinyGuest.counterOnDisk(bench.disk()) > moved);
                assertThat(TinyGuest.counter(sourceRam)).isEqualTo(moved);
                assertThat(source.state()).isEqualTo(VmState.POSTMIGRATE);
                target.quit();
            }
            source.quit();
        }
    }

    private static PauseParts move(Bench bench, Qemu source, RamFile sourceRam, Qemu target, RamFile targetRam)
            throws Exception {
        LoopbackPair channels = LoopbackPair.open();
        try (MemoryReceiver receiver = new MemoryReceiver(targetRam, channels.target(), LIMITS)) {
            FutureTask<ReceivedMemory> receiving = start(receiver::run);
            try (MemorySender sender = MemorySender.open(sourceRam, channels.source(), LIMITS, MemoryProgress.NONE)) {
                sender.sendReference(source.deviceStateReference());
                for (int round = 0; round < 4; round++) {
                    bench.awaitCounter(sourceRam, TinyGuest.counter(sourceRam) + 3);
                    assertThat(sender.round().changedPages()).isPositive();
                }
                return handOver(source, sourceRam, target, targetRam, sender, receiving);
            }
        }
    }

    private static PauseParts handOver(
            Qemu source,
            RamFile sourceRam,
            Qemu target,
            RamFile targetRam,
            MemorySender sender,
            FutureTask<ReceivedMemory> receiving)
            throws Exception {
        long begun = System.nanoTime();
        source.pause();
        Duration stop = since(begun);
        FinalReport last = sender.finalRound(source::saveDeviceState);
        PageDigests sent = PageDigests.of(sourceRam);
        sender.awaitReceived();
        ReceivedMemory received = receiving.get();
        assertThat(PageDigests.of(targetRam).differingFrom(sent)).isEmpty();
        long loading = System.nanoTime();
        target.loadDeviceState(received.deviceState());
        Duration load = since(loading);
        assertThat(target.state()).isEqualTo(VmState.PAUSED);
        assertThat(PageDigests.of(targetRam).differingFrom(sent))
                .as("the load left the RAM alone")
                .isEmpty();
        assertThat(PageDigests.of(sourceRam).differingFrom(sent))
                .as("the save left the RAM alone")
                .isEmpty();
        assertThat(last.deviceStateWireBytes()).isLessThan(last.deviceStateBytes() / 4);
        Duration send = last.total().minus(max(last.round().total(), last.save()));
        return new PauseParts(stop, last.round().total(), last.save(), send, load);
    }

    /** The daemon that let the second machine wait may be gone when the state is needed. */
    @Test
    void aGuestWhoseQemuIsLostGoesOnFromAnEarlierStateInOneThatWaitedAndWasTakenOver() throws Exception {
        try (Bench bench = Bench.open();
                Qemu source = Qemu.start(bench.machine("source"), Start.BOOT);
                RamFile sourceRam = RamFile.map(source.spec().ramFile(), Bench.MEMORY)) {
            bench.awaitCounter(sourceRam, 5);
            VmSpec waiting = bench.machine("target");
            Qemu.start(waiting, Start.INCOMING).close();
            try (Qemu target = Qemu.adopt(waiting).orElseThrow();
                    RamFile targetRam = RamFile.map(waiting.ramFile(), Bench.MEMORY)) {
                byte[] state = {};
                int then = 0;
                for (int checkpoint = 0; checkpoint < 3; checkpoint++) {
                    source.pause();
                    then = TinyGuest.counter(sourceRam);
                    state = source.saveDeviceState();
                    MemorySegment.copy(sourceRam.memory(), 0, targetRam.memory(), 0, Bench.MEMORY.bytes());
                    source.resume();
                    bench.awaitCounter(sourceRam, then + 3);
                }
                source.kill();
                assertThat(target.state()).isEqualTo(VmState.INMIGRATE);
                target.loadDeviceState(ByteBuffer.wrap(state));
                assertThat(TinyGuest.counter(targetRam)).isEqualTo(then);
                target.resume();
                bench.awaitCounter(targetRam, then + 10);
                target.quit();
            }
        }
    }

    @Test
    void aFailedHandOverLeavesTheGuestRunningAtTheSource() throws Exception {
        try (Bench bench = Bench.open();
                Qemu source = Qemu.start(bench.machine("source"), Start.BOOT);
                RamFile ram = RamFile.map(source.spec().ramFile(), Bench.MEMORY)) {
            bench.awaitCounter(ram, 5);
            assertThatThrownBy(source::saveDeviceState).hasMessageContaining("must be paused first");
            for (int attempt = 0; attempt < 3; attempt++) {
                source.pause();
                assertThat(source.saveDeviceState()).isNotEmpty();
                assertThatThrownBy(source::saveDeviceState).hasMessageContaining("but is POSTMIGRATE");
                int counter = TinyGuest.counter(ram);
                source.resume();
                bench.awaitCounter(ram, counter + 5);
                bench.await(() -> TinyGuest.counterOnDisk(bench.disk()) > counter);
            }
            source.quit();
        }
    }

    @Test
    void aDamagedDeviceStateIsReportedInQemusOwnWords() throws Exception {
        try (Bench bench = Bench.open();
                Qemu target = Qemu.start(bench.machine("target"), Start.INCOMING)) {
            assertThatThrownBy(() -> target.loadDeviceState(ByteBuffer.wrap(new byte[100])))
                    .isInstanceOf(GodwitException.class)
                    .hasMessageContaining("could not hand over the devices of tiny")
                    .hasMessageContaining("Not a migration stream");
            target.kill();
        }
    }

    private static Duration max(Duration left, Duration right) {
        return left.compareTo(right) > 0 ? left : right;
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }

    private static <T> FutureTask<T> start(Callable<T> work) throws IOException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }
}
