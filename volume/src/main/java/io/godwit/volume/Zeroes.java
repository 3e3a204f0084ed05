package io.godwit.volume;

import java.nio.ByteBuffer;

/** Runs of zero bytes in buffers. */
final class Zeroes {
    private static final int CHUNK_BYTES = 64 << 10;
    private static final ByteBuffer CHUNK =
            ByteBuffer.allocateDirect(CHUNK_BYTES).asReadOnlyBuffer();

    private Zeroes() {}

    /** Fills the rest of a buffer. */
    static void fill(ByteBuffer into) {
        while (into.hasRemaining()) {
            into.put(CHUNK.slice(0, Math.min(CHUNK_BYTES, into.remaining())));
        }
    }

    /** Whether the rest of a buffer is nothing else. */
    static boolean only(ByteBuffer buffer) {
        for (int at = buffer.position(); at < buffer.limit(); at += CHUNK_BYTES) {
            int length = Math.min(CHUNK_BYTES, buffer.limit() - at);
            if (buffer.slice(at, length).mismatch(CHUNK.slice(0, length)) >= 0) {
                return false;
            }
        }
        return true;
    }
}
