package io.godwit.memory;

import io.godwit.core.Channel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Sends one checkpoint of a group's machines after the other to a {@link CheckpointReceiver}. For each: {@link #approach} while the guests run,
 * {@link #capture} while they stand still, {@link #ship} when they run again. One thread calls; a failure of the channel or the receiver makes every
 * later call fail. Holds a copy of all RAM outside the heap until it is closed.
 */
public final class CheckpointSender implements AutoCloseable {
    /** With more pages to be copied than this in a pause of the guests, those that have changed so far are sent before it: 32 MiB. */
    private static final long MANY_PAGES = 8192;

    /**
     * A machine whose checkpoints are sent.
     *
     * @param reference what its device state will resemble, such as the machine's firmware
     */
    public record Source(MachineRam machine, RamFile ram, ByteBuffer reference) {}

    /** Where the device states of stopped machines come from. */
    public interface DeviceStates {
        byte[] save(MachineRam machine) throws IOException, InterruptedException;
    }

    /**
     * What a checkpoint took.
     *
     * @param pages with content or zero, that were sent
     * @param wireBytes written to the channel for it
     */
    public record Shipped(CheckpointId id, long pages, long wireBytes) {}

    private static final class Lane {
        private final MachineRam machine;
        private final RamScan scan;
        private final byte[] reference;
        private byte[] deviceState = {};
        private HeldPages held = HeldPages.NONE;

        Lane(Source source, RamScan scan) {
            this.machine = source.machine();
            this.scan = scan;
            this.reference = new byte[source.reference().remaining()];
            source.reference().duplicate().get(reference);
        }
    }

    private final Lifeline lifeline;
    private final Replies replies;
    private final List<Lane> lanes = new ArrayList<>();
    private long latestPages = Long.MAX_VALUE;
    private long sentPages;
    private long wireBefore;
    private boolean approached;

    private CheckpointSender(List<Source> sources, Lifeline lifeline, Replies replies, MemoryLimits limits) {
        this.lifeline = lifeline;
        this.replies = replies;
        for (Source source : sources) {
            lanes.add(new Lane(source, new RamScan(source.ram(), lifeline.writer(), limits)));
        }
    }

    /**
     * Greets the receiver at the other end. The sender owns the channel from here on, also when this throws: an IOException when the channel
     * breaks, a {@link io.godwit.core.GodwitException} with the receiver's sentence when it refuses. The RAMs stay the caller's.
     */
    public static CheckpointSender open(List<Source> sources, Channel channel, MemoryLimits limits)
            throws IOException, InterruptedException {
        Lifeline lifeline = new Lifeline(channel, limits);
        try {
            Replies replies = new Replies(lifeline);
            List<MachineRam> machines = sources.stream().map(Source::machine).toList();
            lifeline.writer().write(new Frame.Machines(Frame.Machines.VERSION, RamFile.PAGE_BYTES, machines));
            replies.expect(new Frame.Welcome(Frame.Machines.VERSION));
            CheckpointSender sender = new CheckpointSender(sources, lifeline, replies, limits);
            sender.askHeld();
            sender.sendReferences();
            return sender;
        } catch (IOException | InterruptedException | RuntimeException failure) {
            lifeline.close();
            throw failure;
        }
    }

    /** A receiver that has an earlier checkpoint needs only what is different now. */
    private void askHeld() throws IOException, InterruptedException {
        for (int i = 0; i < lanes.size(); i++) {
            write(new Frame.Machine(i));
            ByteArrayOutputStream digests = new ByteArrayOutputStream();
            long pages = lanes.get(i).machine.size().bytes() / RamFile.PAGE_BYTES;
            for (long asked = 0; asked < pages; asked += HeldPages.AT_ONCE) {
                write(new Frame.AskHeld(asked));
                ByteBuffer answer = replies.expect(Frame.Held.class).digests();
                if (!answer.hasRemaining()) {
                    return;
                }
                if (answer.remaining() != Math.min(pages - asked, HeldPages.AT_ONCE) * HeldPages.DIGEST_BYTES) {
                    throw Corruption.found("digests of %d bytes".formatted(answer.remaining()));
                }
                digests.write(answer.array(), answer.arrayOffset() + answer.position(), answer.remaining());
            }
            lanes.get(i).held = new HeldPages(digests.toByteArray());
        }
    }

    private void sendReferences() throws IOException, InterruptedException {
        for (int i = 0; i < lanes.size(); i++) {
            write(new Frame.Machine(i));
            write(new Frame.Reference(PackedBytes.pack(lanes.get(i).reference, new byte[0])));
        }
    }

    /** Sends, beside running guests, so much of what has changed that little is left to be copied while they stand still. */
    public void approach() throws IOException, InterruptedException {
        wireBefore = wireBytes();
        sentPages = 0;
        if (latestPages < MANY_PAGES) {
            return;
        }
        for (int i = 0; i < lanes.size(); i++) {
            write(new Frame.Machine(i));
            Lane lane = lanes.get(i);
            count(guarded(
                    () -> approached ? lane.scan.live(scanned -> {}) : lane.scan.first(lane.held, scanned -> {})));
            lane.held = HeldPages.NONE;
        }
        approached = true;
    }

    /**
     * Copies aside what has changed since, and the device states. All machines must stand still.
     *
     * @return pages
     */
    public long capture(DeviceStates states) throws IOException, InterruptedException {
        List<FutureTask<byte[]>> saving =
                lanes.stream().map(lane -> saving(states, lane.machine)).toList();
        latestPages = 0;
        try {
            for (Lane lane : lanes) {
                latestPages += lane.scan.capture();
            }
        } finally {
            // Whoever lets the machines run again must not come in between.
            awaitAll(saving);
        }
        for (int i = 0; i < lanes.size(); i++) {
            lanes.get(i).deviceState = MemorySender.await(saving.get(i));
        }
        return latestPages;
    }

    private static FutureTask<byte[]> saving(DeviceStates states, MachineRam machine) {
        Callable<byte[]> save = () -> states.save(machine);
        FutureTask<byte[]> task = new FutureTask<>(save);
        Thread.ofVirtual().name("checkpoint-devices").start(task);
        return task;
    }

    private static void awaitAll(List<FutureTask<byte[]>> saving) throws InterruptedException {
        for (FutureTask<byte[]> one : saving) {
            try {
                one.get();
            } catch (ExecutionException failed) {
                // Whoever asks for the state is told.
            }
        }
    }

    /** Sends what was copied aside; returns when the receiver has the checkpoint and can do without the last one. */
    public Shipped ship(CheckpointId id) throws IOException, InterruptedException {
        for (int i = 0; i < lanes.size(); i++) {
            Lane lane = lanes.get(i);
            write(new Frame.Machine(i));
            count(guarded(() -> lane.scan.writeCaptured()));
            write(new Frame.DeviceState(PackedBytes.pack(lane.deviceState, lane.reference)));
        }
        write(new Frame.Checkpoint(id));
        replies.expect(new Frame.RoundApplied(id.number()));
        return new Shipped(id, sentPages, wireBytes() - wireBefore);
    }

    private void count(RamScan.Outcome outcome) {
        sentPages += outcome.changedPages() + outcome.zeroPages();
    }

    private interface Step<T> {
        T run() throws IOException, InterruptedException;
    }

    /** What the receiver said before it hung up explains more than that it did. */
    private <T> T guarded(Step<T> step) throws IOException, InterruptedException {
        try {
            return step.run();
        } catch (IOException failure) {
            throw replies.explain(failure);
        }
    }

    private void write(Frame frame) throws IOException, InterruptedException {
        guarded(() -> {
            lifeline.writer().write(frame);
            return frame;
        });
    }

    /** Bytes written to the channel so far. */
    public long wireBytes() {
        return lifeline.writer().written();
    }

    /** Ends the channel, waits for the scanning threads, frees the copies. */
    @Override
    public void close() throws IOException {
        try {
            lifeline.close();
        } finally {
            lanes.forEach(lane -> lane.scan.close());
        }
    }
}
