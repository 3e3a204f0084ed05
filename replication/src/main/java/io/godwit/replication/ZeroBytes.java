package io.godwit.replication;

import java.nio.ByteBuffer;

/** Runs of zero bytes. */
final class ZeroBytes {
    private static final ByteBuffer ZEROES =
            ByteBuffer.allocateDirect(SeedSource.CHUNK_BYTES).asReadOnlyBuffer();

    private ZeroBytes() {}

    /** Whether the rest of the buffer, at most a chunk, is nothing else. */
    static boolean only(ByteBuffer bytes) {
        return bytes.slice().mismatch(ZEROES.slice(0, bytes.remaining())) < 0;
    }
}
