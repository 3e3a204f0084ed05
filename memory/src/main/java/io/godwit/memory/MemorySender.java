package io.godwit.memory;

import io.godwit.core.Channel;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Sends the RAM of a guest to a {@link MemoryReceiver}: {@link #round} after round while it runs, then
 * {@link #finalRound} when it is stopped. One thread calls; a failure of the channel or the receiver makes every later
 * call fail, and the guest is untouched in any case. Holds a copy of the RAM outside the heap until it is closed.
 */
public final class MemorySender implements AutoCloseable {
    private final RamScan scan;
    private final Lifeline lifeline;
    private final Replies replies;
    private final MemoryProgress progress;
    private final PausePredictor predictor;
    private final long pages;
    private byte[] reference = {};
    private Optional<RoundReport> latest = Optional.empty();
    private long latestBegun;
    private long changedPages;
    private long zeroPages;

    private MemorySender(
            RamFile ram,
            Lifeline lifeline,
            Replies replies,
            Duration roundTrip,
            MemoryLimits limits,
            MemoryProgress progress) {
        this.lifeline = lifeline;
        this.replies = replies;
        this.progress = progress;
        this.pages = ram.pages();
        this.predictor = new PausePredictor(roundTrip, limits.finalThreads() / limits.liveThreads());
        this.scan = new RamScan(ram, lifeline.writer(), limits);
    }

    /**
     * Greets the receiver at the other end. The sender owns the channel from here on, also when this throws: an
     * IOException when the channel breaks, a GodwitException with the receiver's sentence when it refuses.
     */
    public static MemorySender open(RamFile ram, Channel channel, MemoryLimits limits, MemoryProgress progress)
            throws IOException, InterruptedException {
        Lifeline lifeline = new Lifeline(channel, limits);
        try {
            Replies replies = new Replies(lifeline);
            long asked = System.nanoTime();
            lifeline.writer().write(new Frame.Hello(Frame.VERSION, RamFile.PAGE_BYTES, ram.size()));
            replies.expect(new Frame.Welcome(Frame.VERSION));
            return new MemorySender(ram, lifeline, replies, since(asked), limits, progress);
        } catch (IOException | InterruptedException | RuntimeException failure) {
            lifeline.close();
            throw failure;
        }
    }

    /**
     * Sends bytes that the device state is going to resemble, such as the machine's firmware: only what differs from
     * them is sent while the guest is stopped. At most once, before {@link #finalRound}.
     */
    public void sendReference(byte[] bytes) throws IOException, InterruptedException {
        write(new Frame.Reference(PackedBytes.pack(bytes, new byte[0])));
        reference = bytes;
    }

    /** Sends what has changed since the last round (in the first: everything) and waits until it is applied. */
    public RoundReport round() throws IOException, InterruptedException {
        long begun = System.nanoTime();
        long writtenBefore = wireBytes();
        RamScan.Outcome outcome =
                scan(listener -> nextRound() == 1 ? scan.first(HeldPages.NONE, listener) : scan.live(listener));
        int round = nextRound();
        write(new Frame.EndOfRound(round));
        replies.expect(new Frame.RoundApplied(round));
        RoundReport report = report(begun, writtenBefore, outcome);
        predictor.learn(report);
        return report;
    }

    /**
     * Sends what has changed since the last round and the device state, which is saved at the same time. The guest must
     * be stopped, and at least one {@link #round} done. Returns when the last byte is written; nothing is waited for.
     */
    public FinalReport finalRound(DeviceStateSource source) throws IOException, InterruptedException {
        if (latest.isEmpty()) {
            throw new IllegalStateException("the last round comes after at least one other");
        }
        long begun = System.nanoTime();
        long writtenBefore = wireBytes();
        FutureTask<SavedState> saving = new FutureTask<>(saved(source));
        Thread.ofVirtual().name("memory-device-state").start(saving);
        RoundReport round = lastRound(begun, writtenBefore, saving);
        SavedState saved = await(saving);
        long writtenRound = wireBytes();
        write(new Frame.DeviceState(saved.packed));
        long stateWireBytes = wireBytes() - writtenRound;
        write(new Frame.End(changedPages, zeroPages));
        return new FinalReport(round, saved.packed.plainBytes(), stateWireBytes, saved.save, since(begun));
    }

    /** Ends only after the saving has: whoever resumes the guest after a failure must not come in between. */
    private RoundReport lastRound(long begun, long writtenBefore, FutureTask<SavedState> saving)
            throws IOException, InterruptedException {
        try {
            RamScan.Outcome outcome = scan(scan::last);
            flush();
            return report(begun, writtenBefore, outcome);
        } catch (IOException | RuntimeException failure) {
            try {
                await(saving);
            } catch (IOException | RuntimeException further) {
                failure.addSuppressed(further);
            }
            throw failure;
        }
    }

    /** Waits until the receiver has everything that {@link #finalRound} sent. */
    public void awaitReceived() throws IOException, InterruptedException {
        replies.expect(new Frame.Received());
    }

    /** What a last round would cost if the guest were stopped now; empty before the second round. */
    public Optional<PausePrediction> predict() {
        return latest.filter(report -> report.round() > 1).map(report -> predictor.predict(report, since(latestBegun)));
    }

    /** Bytes a second that the channel carried; empty before a round that was long enough to tell. */
    public Optional<Long> bytesPerSecond() {
        double rate = predictor.bytesPerSecond();
        return Double.isNaN(rate) ? Optional.empty() : Optional.of(Math.round(rate));
    }

    /** Bytes written to the channel so far. */
    public long wireBytes() {
        return lifeline.writer().written();
    }

    private interface Pass {
        RamScan.Outcome over(RamScan.Listener listener) throws IOException, InterruptedException;
    }

    private RamScan.Outcome scan(Pass pass) throws IOException, InterruptedException {
        int round = nextRound();
        try {
            RamScan.Outcome outcome = pass.over(scanned -> progress.advanced(round, scanned, pages, wireBytes()));
            changedPages += outcome.changedPages();
            zeroPages += outcome.zeroPages();
            return outcome;
        } catch (IOException failure) {
            throw replies.explain(failure);
        }
    }

    private int nextRound() {
        return latest.map(RoundReport::round).orElse(0) + 1;
    }

    private RoundReport report(long begun, long writtenBefore, RamScan.Outcome outcome) {
        Duration changingFor = latest.isEmpty() ? Duration.ZERO : Duration.ofNanos(begun - latestBegun);
        RoundReport report = new RoundReport(
                nextRound(),
                outcome.changedPages(),
                outcome.zeroPages(),
                wireBytes() - writtenBefore,
                outcome.busy(),
                since(begun),
                changingFor);
        latest = Optional.of(report);
        latestBegun = begun;
        return report;
    }

    private record SavedState(PackedBytes packed, Duration save) {}

    private Callable<SavedState> saved(DeviceStateSource source) {
        return () -> {
            long begun = System.nanoTime();
            byte[] state = source.save();
            Duration save = since(begun);
            return new SavedState(PackedBytes.pack(state, reference), save);
        };
    }

    /** Waits for a device state, or why there is none. */
    static <T> T await(FutureTask<T> saving) throws IOException, InterruptedException {
        try {
            return saving.get();
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case IOException broken -> throw broken;
                case RuntimeException fault -> throw fault;
                case Error fault -> throw fault;
                case null, default -> throw new IOException("saving the device state failed", failure);
            }
        }
    }

    private void write(Frame frame) throws IOException, InterruptedException {
        try {
            lifeline.writer().write(frame);
        } catch (IOException failure) {
            throw replies.explain(failure);
        }
    }

    private void flush() throws IOException, InterruptedException {
        write(new Frame.Pulse());
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }

    /** Ends the transfer, whole or not: closes the channel, waits for the scanning threads, frees the shadow. */
    @Override
    public void close() throws IOException {
        try (scan) {
            lifeline.close();
        }
    }
}
