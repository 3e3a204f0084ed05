package io.godwit.memory;

import static io.godwit.memory.BatchFormat.MAX_RUNS;
import static io.godwit.memory.BatchFormat.XOR;
import static io.godwit.memory.BatchFormat.ZERO;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Neighbouring pages of one kind in a received batch, see {@link BatchFormat}. */
record PageRun(int kind, long first, long count) {
    private static final int MAX_VARINT_BITS = 42;

    /** Bytes that the run has in the batch's content. */
    int contentBytes() {
        return kind == ZERO ? 0 : Math.toIntExact(count * RamFile.PAGE_BYTES);
    }

    /** Reads a header; the runs lie within the RAM, ascend, and have exactly {@code contentPages} with content. */
    static List<PageRun> decode(ByteBuffer header, int contentPages, long ramPages) {
        List<PageRun> runs = new ArrayList<>();
        long end = 0;
        long content = 0;
        while (header.hasRemaining()) {
            PageRun run = next(header, end, ramPages);
            end = run.first + run.count;
            content += run.kind == ZERO ? 0 : run.count;
            if (content > contentPages || runs.size() == MAX_RUNS) {
                throw Corruption.found("a batch with more pages than it says");
            }
            runs.add(run);
        }
        if (content != contentPages) {
            throw Corruption.found("a batch with fewer pages than it says");
        }
        return runs;
    }

    private static PageRun next(ByteBuffer header, long end, long ramPages) {
        long first = end + varint(header);
        long countAndKind = varint(header);
        int kind = (int) (countAndKind & 3);
        long count = countAndKind >>> 2;
        if (kind > XOR || count == 0 || first + count > ramPages) {
            throw Corruption.found("%d pages of kind %d at page %d".formatted(count, kind, first));
        }
        return new PageRun(kind, first, count);
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        try {
            for (int shift = 0; shift < MAX_VARINT_BITS; shift += 7) {
                byte next = bytes.get();
                value |= (next & 0x7fL) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        } catch (BufferUnderflowException _) {
            throw Corruption.found("a batch with half a number");
        }
        throw Corruption.found("a number that is too large");
    }
}
