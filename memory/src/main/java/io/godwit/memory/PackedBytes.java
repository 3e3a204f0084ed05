package io.godwit.memory;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Bytes compressed against a reference that both sides have; the more they resemble it, the less crosses. An empty
 * reference is allowed.
 *
 * @param plainBytes the length before compression
 * @param checksum CRC-32C of the bytes before compression
 * @param compressed one zstd frame, with the reference as its raw dictionary
 */
record PackedBytes(int plainBytes, int checksum, ByteBuffer compressed) {
    /** Neither a device state nor a reference may be larger. */
    static final int MAX_PLAIN_BYTES = 64 << 20;

    /** zstd's own bound for what doesn't compress, and the two numbers before it. */
    static final int MAX_PAYLOAD_BYTES = MAX_PLAIN_BYTES + (MAX_PLAIN_BYTES >> 8) + 128;

    /** Level 1 sees only the last 128 KiB of a reference, QEMU's firmware alone has 256; level 3 takes 1.2 ms for it. */
    private static final int LEVEL = 3;

    static PackedBytes pack(byte[] plain, byte[] reference) {
        if (plain.length > MAX_PLAIN_BYTES) {
            throw new IllegalArgumentException("%d bytes are more than can be sent at once".formatted(plain.length));
        }
        try (ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(LEVEL)) {
            if (reference.length > 0) {
                zstd.loadDict(reference);
            }
            return new PackedBytes(plain.length, checksum(plain), ByteBuffer.wrap(zstd.compress(plain)));
        }
    }

    byte[] unpack(byte[] reference) {
        if (plainBytes < 0 || plainBytes > MAX_PLAIN_BYTES) {
            throw Corruption.found("packed bytes of impossible length " + plainBytes);
        }
        byte[] plain = decompress(reference);
        if (plain.length != plainBytes || checksum(plain) != checksum) {
            throw Corruption.found("packed bytes that are not what was sent");
        }
        return plain;
    }

    private byte[] decompress(byte[] reference) {
        byte[] packed = new byte[compressed.remaining()];
        compressed.duplicate().get(packed);
        if (packed.length == 0 || Zstd.getFrameContentSize(packed) != plainBytes) {
            throw Corruption.found("packed bytes of another length than they say");
        }
        try (ZstdDecompressCtx zstd = new ZstdDecompressCtx()) {
            if (reference.length > 0) {
                zstd.loadDict(reference);
            }
            return zstd.decompress(packed, plainBytes);
        } catch (ZstdException _) {
            throw Corruption.found("packed bytes that can't be decompressed");
        }
    }

    private static int checksum(byte[] plain) {
        CRC32C crc = new CRC32C();
        crc.update(plain);
        return (int) crc.getValue();
    }
}
