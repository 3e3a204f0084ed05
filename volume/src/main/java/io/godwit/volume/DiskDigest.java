package io.godwit.volume;

import io.godwit.volume.DiskExtent.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A SHA-256 digest of a disk's content that doesn't depend on where its image has holes nor on what is still in the log: over the size and then, for
 * every block of 64 KiB that isn't all zeroes, its offset and content. Numbers are 8 bytes, big-endian.
 */
final class DiskDigest {
    private static final int BLOCK_BYTES = 64 << 10;

    private DiskDigest() {}

    static byte[] of(BlockDevice disk) throws IOException {
        long size = disk.size().bytes();
        MessageDigest digest = sha256();
        digest.update(number(size));
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
        long at = 0;
        while (at < size) {
            DiskExtent run = disk.extents(at, size - at, 1).getFirst();
            if (run.content() == Content.DATA) {
                addBlock(digest, disk, block.clear(), at, size);
                at += BLOCK_BYTES;
            } else {
                at += run.length() - run.length() % BLOCK_BYTES;
                if (run.length() % BLOCK_BYTES != 0 && at < size) {
                    addBlock(digest, disk, block.clear(), at, size);
                    at += BLOCK_BYTES;
                }
            }
        }
        return digest.digest();
    }

    private static void addBlock(MessageDigest digest, BlockDevice disk, ByteBuffer block, long at, long size)
            throws IOException {
        disk.read(at, block.limit((int) Math.min(BLOCK_BYTES, size - at)));
        block.flip();
        if (!Zeroes.only(block)) {
            digest.update(number(at));
            digest.update(block);
        }
    }

    private static ByteBuffer number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).flip();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
