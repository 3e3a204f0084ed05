package io.godwit.site.move;

import io.godwit.api.MoveReport;
import io.godwit.api.VmDefinition;
import io.godwit.core.VmName;
import io.godwit.hypervisor.Qemu;
import io.godwit.link.ChannelKind;
import io.godwit.link.Link;
import io.godwit.link.PeerChannel;
import io.godwit.memory.MemoryLimits;
import io.godwit.memory.MemorySender;
import io.godwit.memory.RamFile;
import io.godwit.memory.RoundReport;
import io.godwit.migration.MoveId;
import io.godwit.migration.RoundFacts;
import io.godwit.site.files.GroupRecord;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The memory of a group's machines on its way to the target: all machines side by side, round by round. */
final class MemoryTransfer implements AutoCloseable {
    /** A channel to the target, the machine's RAM and what finds changes in it. */
    private record Lane(VmDefinition vm, RamFile ram, PeerChannel channel, MemorySender sender) {}

    private interface LaneWork {
        void run(Lane lane) throws IOException, InterruptedException;
    }

    private static final long NO_PREDICTION = Long.MAX_VALUE;

    private final GroupRecord record;
    private final MoveSetting setting;
    private final MoveMeasures measures;
    private final Map<VmName, Lane> lanes = new LinkedHashMap<>();
    private final Map<VmName, Long> wireBytes = new LinkedHashMap<>();
    private final AtomicInteger round = new AtomicInteger();
    private final AtomicLong scannedPages = new AtomicLong();
    private final AtomicLong totalPages = new AtomicLong();

    MemoryTransfer(MoveSetting setting, MoveMeasures measures) {
        this.record = setting.record();
        this.setting = setting;
        this.measures = measures;
    }

    synchronized void open(Link link, MoveId move) throws InterruptedException {
        for (VmDefinition vm : record.definition().vms()) {
            lanes.put(vm.name(), open(link, move, vm));
        }
    }

    private Lane open(Link link, MoveId move, VmDefinition vm) throws InterruptedException {
        try {
            RamFile ram = RamFile.map(setting.files().ram(vm.name()), vm.memory());
            PeerChannel channel = link.open(ChannelKind.MEMORY, Optional.of(record.name()));
            DataOutputStream preface = new DataOutputStream(channel.output());
            preface.writeUTF(move.value());
            preface.writeUTF(vm.name().value());
            preface.flush();
            MemorySender sender = MemorySender.open(
                    ram,
                    channel,
                    MemoryLimits.standard(),
                    (number, scanned, total, wire) -> progress(vm.name(), number, scanned, total, wire));
            byte[] reference =
                    setting.requireServing().guests().machine(vm.name()).deviceStateReference();
            if (reference.length > 0) {
                sender.sendReference(reference);
            }
            return new Lane(vm, ram, channel, sender);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private synchronized void progress(VmName vm, int number, long scanned, long total, long wire) {
        wireBytes.put(vm, wire);
        round.set(number);
        scannedPages.set(scanned);
        totalPages.set(total);
    }

    int rounds() {
        return round.get();
    }

    /** The part of the present round that is done, from 0 to 1. */
    double fraction() {
        long total = totalPages.get();
        return total == 0 ? 0 : (double) scannedPages.get() / total;
    }

    synchronized long wireBytes() {
        return wireBytes.values().stream().mapToLong(Long::longValue).sum();
    }

    RoundFacts round(int number) throws InterruptedException {
        long began = System.nanoTime();
        long before = wireBytes();
        AtomicLong longestPause = new AtomicLong();
        everywhere(lane -> {
            RoundReport report = lane.sender().round();
            longestPause.accumulateAndGet(predictedMillis(lane.sender()), Math::max);
            measures.moment("round %d of %s: %d pages, %d bytes"
                    .formatted(report.round(), lane.vm().name(), report.changedPages(), report.wireBytes()));
        });
        long millis = (System.nanoTime() - began) / 1_000_000;
        return new RoundFacts(number, wireBytes() - before, millis, longestPause.get());
    }

    /** The first round says nothing about how fast memory changes; its prediction must not end the copying. */
    private static long predictedMillis(MemorySender sender) {
        return sender.predict().map(prediction -> prediction.total().toMillis()).orElse(NO_PREDICTION);
    }

    /** Stops all machines; {@code allStill} is told when none computes any more, while disk requests may be under way. */
    void pauseGuests(Runnable allStill) throws InterruptedException {
        AtomicInteger moving = new AtomicInteger(record.definition().vms().size());
        everywhere(lane -> machine(lane).pause(() -> {
            if (moving.decrementAndGet() == 0) {
                allStill.run();
            }
        }));
    }

    /** The last round over stopped machines, and their device state. */
    void finalRound() throws InterruptedException {
        everywhere(lane -> lane.sender().finalRound(() -> machine(lane).saveDeviceState()));
    }

    private Qemu machine(Lane lane) {
        return setting.requireServing().guests().machine(lane.vm().name());
    }

    void finished(MoveReport.Pause pause) {
        long memory = record.definition().vms().stream()
                .mapToLong(vm -> vm.memory().bytes())
                .sum();
        measures.server(server -> new MoveReport.Server(
                pause.totalMillis(),
                pause,
                rounds(),
                memory,
                wireBytes(),
                measures.elapsedMillis(),
                server.memoryIdentical()));
    }

    private void everywhere(LaneWork work) throws InterruptedException {
        Map<VmName, Lane> all;
        synchronized (this) {
            all = new LinkedHashMap<>(lanes);
        }
        SideBySide.run(all.values(), work::run);
    }

    @Override
    public synchronized void close() {
        for (Lane lane : lanes.values()) {
            try {
                lane.channel().close();
            } catch (IOException gone) {
                // It is closed all the same.
            }
        }
    }

    /** Frees what the transfer holds; nothing may use it any more. */
    synchronized void release() {
        close();
        for (Lane lane : lanes.values()) {
            try {
                lane.sender().close();
            } catch (IOException gone) {
                // It is closed all the same.
            }
            lane.ram().close();
        }
        lanes.clear();
    }
}
