package io.godwit.memory;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Writes the header of a batch: runs of neighbouring pages of one kind, ascending. */
final class RunHeader {
    private final ByteBuffer bytes = ByteBuffer.allocate(BatchFormat.MAX_HEADER_BYTES);
    private int runs;
    private long end;
    private long first;
    private long count;
    private int kind;

    void add(long page, int pageKind) {
        if (runs > 0 && page == first + count && pageKind == kind) {
            count++;
            return;
        }
        writeRun();
        first = page;
        count = 1;
        kind = pageKind;
        runs++;
    }

    /** Runs begun since the last {@link #finish}. */
    int runs() {
        return runs;
    }

    byte[] finish() {
        writeRun();
        byte[] header = Arrays.copyOf(bytes.array(), bytes.position());
        bytes.clear();
        runs = 0;
        end = 0;
        return header;
    }

    private void writeRun() {
        if (runs > 0) {
            varint(first - end);
            varint(count << 2 | kind);
            end = first + count;
        }
    }

    private void varint(long value) {
        long rest = value;
        while (rest > 0x7f) {
            bytes.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        bytes.put((byte) rest);
    }
}
