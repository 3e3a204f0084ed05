package io.godwit.memory;

import static io.godwit.memory.RamFile.PAGE_BYTES;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Copies of pages, outside the heap, in the order in which they were added. Some of the memory is kept for the next time. */
final class Staging implements AutoCloseable {
    private static final int CHUNK_PAGES = 1024;

    /** Chunks that are kept when the pages are forgotten: 16 MiB. */
    private static final int KEPT_CHUNKS = 4;

    private static final class Chunk {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment pages = arena.allocate((long) CHUNK_PAGES * PAGE_BYTES, PAGE_BYTES);
        private final long[] numbers = new long[CHUNK_PAGES];
    }

    private final List<Chunk> chunks = new ArrayList<>();
    private int count;

    /** Takes pages out again. */
    interface Sink {
        void page(long number, MemorySegment from, long at) throws IOException;
    }

    void add(long number, MemorySegment ram) {
        if (count == chunks.size() * CHUNK_PAGES) {
            chunks.add(new Chunk());
        }
        Chunk chunk = chunks.get(count / CHUNK_PAGES);
        int slot = count % CHUNK_PAGES;
        MemorySegment.copy(ram, number * PAGE_BYTES, chunk.pages, (long) slot * PAGE_BYTES, PAGE_BYTES);
        chunk.numbers[slot] = number;
        count++;
    }

    int count() {
        return count;
    }

    /** Hands out every page, in order, and forgets them. */
    void drain(Sink sink) throws IOException {
        for (int i = 0; i < count; i++) {
            Chunk chunk = chunks.get(i / CHUNK_PAGES);
            int slot = i % CHUNK_PAGES;
            sink.page(chunk.numbers[slot], chunk.pages, (long) slot * PAGE_BYTES);
        }
        forget();
    }

    private void forget() {
        count = 0;
        while (chunks.size() > KEPT_CHUNKS) {
            chunks.removeLast().arena.close();
        }
    }

    @Override
    public void close() {
        chunks.forEach(chunk -> chunk.arena.close());
        chunks.clear();
        count = 0;
    }
}
