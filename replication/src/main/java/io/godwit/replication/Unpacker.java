package io.godwit.replication;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.nio.ByteBuffer;

/** Undoes a {@link Packer}. Used by one thread. */
final class Unpacker implements AutoCloseable {
    private final ZstdDecompressCtx context = new ZstdDecompressCtx();

    /**
     * The bytes that were packed, in a direct buffer.
     *
     * @throws GodwitException CORRUPT if there are more or fewer than was said, or they are damaged
     */
    ByteBuffer unpack(Packed packed) {
        ByteBuffer raw = ByteBuffer.allocateDirect(packed.rawLength());
        if (packed.encoding() == Packed.AS_IS) {
            return raw.put(packed.bytes().duplicate()).flip();
        }
        byte[] compressed = new byte[packed.bytes().remaining()];
        packed.bytes().duplicate().get(compressed);
        return raw.put(decompress(compressed, packed.rawLength())).flip();
    }

    private byte[] decompress(byte[] compressed, int rawLength) {
        byte[] raw = new byte[rawLength];
        try {
            int got = context.decompressByteArray(raw, 0, rawLength, compressed, 0, compressed.length);
            if (got == rawLength) {
                return raw;
            }
            throw new GodwitException(ErrorCode.CORRUPT, "the other side sent fewer bytes than it said");
        } catch (ZstdException damaged) {
            throw new GodwitException(ErrorCode.CORRUPT, "the other side sent damaged content", damaged);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
