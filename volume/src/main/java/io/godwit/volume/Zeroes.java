package io.godwit.volume;

import java.nio.ByteBuffer;

/** Runs of zero bytes in buffers. */
final class Zeroes {
    private static final int CHUNK_BYTES = 64 << 10;
    private static final ByteBuffer CHUNK =
            ByteBuffer.allocateDirect(CHUNK_BYTES).asReadOnlyBuffer();

    private Zeroes() {}

    /** So many of them, at most 64 KiB; not to be written to. */
    static ByteBuffer of(int bytes) {
        return CHUNK.slice(0, bytes);
    }

    /** Fills the rest of a buffer. */
    static void fill(ByteBuffer into) {
        while (into.hasRemaining()) {
            into.put(CHUNK.slice(0, Math.min(CHUNK_BYTES, into.remaining())));
        }
    }

    /** Whether the rest of a buffer is nothing else; mostly one look at its beginning tells that it isn't. */
    static boolean only(ByteBuffer buffer) {
        if (buffer.remaining() >= Long.BYTES && buffer.getLong(buffer.position()) != 0) {
            return false;
        }
        for (int at = buffer.position(); at < buffer.limit(); at += CHUNK_BYTES) {
            int length = Math.min(CHUNK_BYTES, buffer.limit() - at);
            if (buffer.slice(at, length).mismatch(CHUNK.slice(0, length)) >= 0) {
                return false;
            }
        }
        return true;
    }
}
