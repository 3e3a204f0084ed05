package io.godwit.replication;

import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;

/** Compresses what is worth it, zstd at level 1, and stops trying for a while where it isn't. Used by one thread. */
final class Packer implements AutoCloseable {
    private static final int LEVEL = 1;
    /** Less than this isn't worth a try. */
    private static final int MIN_BYTES = 256;
    /** A saving of less than one part in this many isn't worth the receiver's work. */
    private static final int MIN_SAVING = 16;
    /** After this many batches in a row that did not shrink ... */
    private static final int FUTILE_TRIES = 4;
    /** ... so many bytes go as they are. */
    private static final long REST_BYTES = 8 << 20;

    private final ZstdCompressCtx context = new ZstdCompressCtx();
    private int futile;
    private long restLeft;

    Packer() {
        context.setLevel(LEVEL);
    }

    /** Packs the rest of {@code raw}, which must have an array; the result may share it. */
    Packed pack(ByteBuffer raw) {
        int length = raw.remaining();
        if (length < MIN_BYTES || resting(length)) {
            return asIs(raw);
        }
        byte[] compressed = context.compress(rawArray(raw));
        if (compressed.length > length - length / MIN_SAVING) {
            if (++futile >= FUTILE_TRIES) {
                restLeft = REST_BYTES;
                futile = FUTILE_TRIES - 1;
            }
            return asIs(raw);
        }
        futile = 0;
        return new Packed(Packed.ZSTD, length, ByteBuffer.wrap(compressed));
    }

    private boolean resting(int length) {
        restLeft = Math.max(0, restLeft - length);
        return restLeft > 0;
    }

    private static Packed asIs(ByteBuffer raw) {
        return new Packed(Packed.AS_IS, raw.remaining(), raw);
    }

    private static byte[] rawArray(ByteBuffer raw) {
        byte[] bytes = new byte[raw.remaining()];
        raw.duplicate().get(bytes);
        return bytes;
    }

    @Override
    public void close() {
        context.close();
    }
}
