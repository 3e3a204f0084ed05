package io.godwit.memory;

import static io.godwit.memory.RamFile.PAGE_BYTES;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Copies aside, while nobody writes to a RAM, the pages that differ from its shadow, so that they can be sent when the guest runs again. */
final class ChangeCapture implements AutoCloseable {
    private final MemorySegment ram;
    private final MemorySegment shadow;
    private final List<Staging> lanes = new ArrayList<>();

    ChangeCapture(MemorySegment ram, MemorySegment shadow, int threads) {
        this.ram = ram;
        this.shadow = shadow;
        for (int i = 0; i < threads; i++) {
            lanes.add(new Staging());
        }
    }

    /** Takes every page that differs now. */
    void take(ExecutorService threads) throws InterruptedException {
        AtomicLong next = new AtomicLong();
        List<Callable<Void>> parts = new ArrayList<>();
        for (Staging lane : lanes) {
            parts.add(() -> {
                take(lane, next);
                return null;
            });
        }
        for (Future<Void> part : threads.invokeAll(parts)) {
            try {
                part.get();
            } catch (ExecutionException failed) {
                throw new IllegalStateException("changed pages could not be copied aside", failed.getCause());
            }
        }
    }

    private void take(Staging lane, AtomicLong next) {
        for (long begin = next.getAndAdd(RamScan.SLICE_BYTES);
                begin < ram.byteSize();
                begin = next.getAndAdd(RamScan.SLICE_BYTES)) {
            long end = Math.min(begin + RamScan.SLICE_BYTES, ram.byteSize());
            for (long at = RamScan.nextChange(ram, shadow, begin, end);
                    at < end;
                    at = RamScan.nextChange(ram, shadow, at + PAGE_BYTES, end)) {
                lane.add(at / PAGE_BYTES, ram);
            }
        }
    }

    /** Pages that were taken and not handed out yet. */
    long pages() {
        return lanes.stream().mapToLong(Staging::count).sum();
    }

    /** The pages that were taken, in runs that ascend each, and the end of each run. */
    interface Sink extends Staging.Sink {
        void endOfRun() throws IOException;
    }

    /** Hands out what was taken, and forgets it. */
    void drain(Sink sink) throws IOException {
        for (Staging lane : lanes) {
            lane.drain(sink);
            sink.endOfRun();
        }
    }

    @Override
    public void close() {
        lanes.forEach(Staging::close);
    }
}
