package io.godwit.memory;

import static io.godwit.memory.RamFile.PAGE_BYTES;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds by content which pages of a RAM have changed since the receiver was sent them. The shadow, as large as the RAM
 * and outside the heap, holds what was sent. Threads take slices of the RAM in turn, each with a batch of its own, and
 * write full batches straight to the channel: what isn't written yet is one batch a thread, however slow the link is.
 */
final class RamScan implements AutoCloseable {
    private static final int SLICE_PAGES = 256;
    static final int SLICE_BYTES = SLICE_PAGES * PAGE_BYTES;

    /** What one scan over the RAM found. */
    record Outcome(long changedPages, long zeroPages, Duration busy) {}

    private final MemorySegment ram;
    private final MemoryLimits limits;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment shadow;
    private final FrameWriter writer;
    private final List<BatchEncoder> encoders = new ArrayList<>();
    private final ExecutorService liveThreads;
    private final ExecutorService finalThreads;
    private final ChangeCapture captured;

    RamScan(RamFile file, FrameWriter writer, MemoryLimits limits) {
        this.ram = file.memory();
        this.limits = limits;
        this.writer = writer;
        this.shadow = arena.allocate(ram.byteSize(), PAGE_BYTES);
        for (int i = 0; i < limits.finalThreads(); i++) {
            encoders.add(new BatchEncoder(ram, shadow));
        }
        this.liveThreads = threads("memory-live-", limits.liveThreads(), Thread.MIN_PRIORITY);
        this.finalThreads = threads("memory-final-", limits.finalThreads(), Thread.NORM_PRIORITY);
        this.captured = new ChangeCapture(ram, shadow, limits.finalThreads());
    }

    /** The priority decides who waits where processors are scarce; nothing depends on it. */
    @SuppressWarnings("ThreadPriorityCheck")
    private static ExecutorService threads(String name, int count, int priority) {
        return Executors.newFixedThreadPool(
                count,
                Thread.ofPlatform().daemon().priority(priority).name(name, 0).factory());
    }

    /** The first round, of every page that isn't held. The guest runs, and goes first where processors are scarce. */
    Outcome first(HeldPages held, Listener listener) throws IOException, InterruptedException {
        return run(liveThreads, limits.liveThreads(), Optional.of(held), listener);
    }

    /** A round of what has changed, beside the running guest likewise. */
    Outcome live(Listener listener) throws IOException, InterruptedException {
        return run(liveThreads, limits.liveThreads(), Optional.empty(), listener);
    }

    /** The round for which the guest stands still. */
    Outcome last(Listener listener) throws IOException, InterruptedException {
        return run(finalThreads, limits.finalThreads(), Optional.empty(), listener);
    }

    /**
     * Copies aside what differs from the shadow; nobody may write to the RAM meanwhile.
     *
     * @return pages
     */
    long capture() throws InterruptedException {
        captured.take(finalThreads);
        return captured.pages();
    }

    /** Writes what was copied aside as batches, while the guest may run again. */
    Outcome writeCaptured() throws IOException {
        BatchEncoder encoder = encoders.getFirst();
        long changedBefore = encoder.changedPages();
        long zeroBefore = encoder.zeroPages();
        captured.drain(new ChangeCapture.Sink() {
            @Override
            public void page(long number, MemorySegment from, long at) throws IOException {
                encoder.addChanged(number, from, at);
                if (encoder.isFull()) {
                    writer.write(new Frame.Batch(encoder.finish()));
                }
            }

            @Override
            public void endOfRun() throws IOException {
                if (!encoder.isEmpty()) {
                    writer.write(new Frame.Batch(encoder.finish()));
                }
            }
        });
        return new Outcome(encoder.changedPages() - changedBefore, encoder.zeroPages() - zeroBefore, Duration.ZERO);
    }

    /** One round: writes every page that isn't held, or, if that was done, every page that differs from the shadow, as batches. */
    private Outcome run(ExecutorService threads, int threadCount, Optional<HeldPages> first, Listener listener)
            throws IOException, InterruptedException {
        AtomicLong next = new AtomicLong();
        AtomicLong done = new AtomicLong();
        List<Future<Outcome>> parts = new ArrayList<>();
        for (BatchEncoder encoder : encoders.subList(0, threadCount)) {
            Callable<Outcome> part = () -> new Part(encoder, first, next, done, listener).scan();
            parts.add(threads.submit(part));
        }
        return sum(parts, next);
    }

    private Outcome sum(List<Future<Outcome>> parts, AtomicLong next) throws IOException, InterruptedException {
        Outcome sum = new Outcome(0, 0, Duration.ZERO);
        try {
            for (Future<Outcome> future : parts) {
                Outcome part = future.get();
                Duration slower = part.busy.compareTo(sum.busy) > 0 ? part.busy : sum.busy;
                sum = new Outcome(sum.changedPages + part.changedPages, sum.zeroPages + part.zeroPages, slower);
            }
            return sum;
        } catch (ExecutionException failure) {
            throw rethrown(failure.getCause());
        } finally {
            next.set(ram.byteSize());
        }
    }

    private static IOException rethrown(@Nullable Throwable cause) {
        return switch (cause) {
            case IOException broken -> broken;
            case RuntimeException fault -> throw fault;
            case Error fault -> throw fault;
            case null, default -> throw new IllegalStateException(cause);
        };
    }

    /** Where the first page at or after {@code begin} that differs begins; {@code end} if there is none. */
    static long nextChange(MemorySegment ram, MemorySegment shadow, long begin, long end) {
        long mismatch = MemorySegment.mismatch(ram, begin, end, shadow, begin, end);
        return mismatch < 0 ? end : begin + mismatch - mismatch % PAGE_BYTES;
    }

    /** Told after each slice how many pages of the round are done. */
    interface Listener {
        void scanned(long pages);
    }

    /** Waits for the threads to end, then frees the shadow. The channel must be closed first, or idle. */
    @Override
    public void close() {
        liveThreads.close();
        finalThreads.close();
        encoders.forEach(BatchEncoder::close);
        captured.close();
        arena.close();
    }

    /** One thread's share of a round. */
    private final class Part {
        private final BatchEncoder encoder;
        private final Optional<HeldPages> first;
        private final AtomicLong next;
        private final AtomicLong done;
        private final Listener listener;
        private final long changedBefore;
        private final long zeroBefore;
        private long waited;

        Part(BatchEncoder encoder, Optional<HeldPages> first, AtomicLong next, AtomicLong done, Listener listener) {
            this.encoder = encoder;
            this.first = first;
            this.next = next;
            this.done = done;
            this.listener = listener;
            this.changedBefore = encoder.changedPages();
            this.zeroBefore = encoder.zeroPages();
        }

        Outcome scan() throws IOException {
            long begun = System.nanoTime();
            for (long at = next.getAndAdd(SLICE_BYTES); at < ram.byteSize(); at = next.getAndAdd(SLICE_BYTES)) {
                long end = Math.min(at + SLICE_BYTES, ram.byteSize());
                slice(at, end);
                listener.scanned(done.addAndGet((end - at) / PAGE_BYTES));
            }
            if (!encoder.isEmpty()) {
                send();
            }
            Duration busy = Duration.ofNanos(System.nanoTime() - begun - waited);
            return new Outcome(encoder.changedPages() - changedBefore, encoder.zeroPages() - zeroBefore, busy);
        }

        private void slice(long begin, long end) throws IOException {
            long at = first.isPresent() ? begin : nextChange(ram, shadow, begin, end);
            while (at < end) {
                add(at / PAGE_BYTES);
                at = first.isPresent() ? at + PAGE_BYTES : nextChange(ram, shadow, at + PAGE_BYTES, end);
            }
        }

        private void add(long page) throws IOException {
            if (first.isPresent()) {
                encoder.addFirst(page, first.get());
            } else {
                encoder.addChanged(page);
            }
            if (encoder.isFull()) {
                send();
            }
        }

        private void send() throws IOException {
            Frame batch = new Frame.Batch(encoder.finish());
            long begun = System.nanoTime();
            write(batch);
            waited += System.nanoTime() - begun;
        }

        /**
         * Writes at the usual priority. Whoever else has something to say waits meanwhile, be it only that this side is alive: a thread
         * that has to let everybody go first must not keep them waiting.
         */
        @SuppressWarnings("ThreadPriorityCheck")
        private void write(Frame batch) throws IOException {
            Thread self = Thread.currentThread();
            int priority = self.getPriority();
            self.setPriority(Thread.NORM_PRIORITY);
            try {
                writer.write(batch);
            } finally {
                self.setPriority(priority);
            }
        }
    }
}
