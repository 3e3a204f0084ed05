package io.godwit.replication;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.nio.ByteBuffer;

/**
 * Bytes on their way, compressed or not.
 *
 * <pre>u8 encoding (0 as they are, 1 zstd) | u32 length when unpacked | the bytes, to the end of the frame</pre>
 */
record Packed(int encoding, int rawLength, ByteBuffer bytes) {
    static final int AS_IS = 0;
    static final int ZSTD = 1;
    /** Nearly twice the longest record, so that a batch always holds one. */
    static final int MAX_RAW_BYTES = 2 << 20;

    static final int HEADER_BYTES = 5;
    static final Packed NOTHING = new Packed(AS_IS, 0, ByteBuffer.allocate(0));

    void write(ByteBuffer into) {
        into.put((byte) encoding).putInt(rawLength).put(bytes.duplicate());
    }

    static Packed read(ByteBuffer from) {
        int encoding = from.get();
        int rawLength = from.getInt();
        boolean known = encoding == AS_IS ? rawLength == from.remaining() : encoding == ZSTD;
        if (!known || rawLength < 1 || rawLength > MAX_RAW_BYTES) {
            throw new GodwitException(
                    ErrorCode.CORRUPT,
                    "the other side sent content of encoding %d and %d bytes".formatted(encoding, rawLength));
        }
        return new Packed(encoding, rawLength, from.slice());
    }
}
