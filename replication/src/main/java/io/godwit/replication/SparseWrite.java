package io.godwit.replication;

import io.godwit.core.DiskName;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes content into a disk's image that was all holes before, and leaves out its blocks of zeroes. */
record SparseWrite(GroupStore store, DiskName disk) {
    private static final int BLOCK_BYTES = 4096;

    void write(long offset, ByteBuffer content) throws IOException {
        int begin = content.position();
        int end = content.limit();
        int from = begin;
        for (int at = begin; at < end; at += BLOCK_BYTES) {
            int next = Math.min(end, at + BLOCK_BYTES);
            if (ZeroBytes.only(content.slice(at, next - at))) {
                writeRun(offset - begin, content, from, at);
                from = next;
            }
        }
        writeRun(offset - begin, content, from, end);
    }

    private void writeRun(long base, ByteBuffer content, int from, int to) throws IOException {
        if (to > from) {
            store.writeBase(disk, base + from, content.slice(from, to - from));
        }
    }
}
