package io.godwit.volume;

import io.godwit.volume.DiskExtent.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.LongConsumer;

/**
 * A SHA-256 digest of a disk's content that doesn't depend on where its image has holes nor on what is still in the log: over the size
 * and then, for every block of 64 KiB that isn't all zeroes, its offset and content. Numbers are 8 bytes, big-endian.
 */
final class DiskDigest {
    private static final int BLOCK_BYTES = 64 << 10;

    private DiskDigest() {}

    /** What is digested. */
    private interface Source {
        /** The run of one kind that begins at {@code offset}, cut at {@code to}. */
        DiskExtent extentAt(long offset, long to) throws IOException;

        void read(long offset, ByteBuffer into) throws IOException;
    }

    static byte[] of(BlockDevice disk) throws IOException {
        Source source = new Source() {
            @Override
            public DiskExtent extentAt(long offset, long to) throws IOException {
                return disk.extents(offset, to - offset, 1).getFirst();
            }

            @Override
            public void read(long offset, ByteBuffer into) throws IOException {
                disk.read(offset, into);
            }
        };
        return of(disk.size().bytes(), source, bytes -> {});
    }

    /** @param progress is told how many bytes more were read */
    static byte[] of(BaseImage image, LongConsumer progress) throws IOException {
        Source source = new Source() {
            @Override
            public DiskExtent extentAt(long offset, long to) throws IOException {
                return image.extentAt(offset, to);
            }

            @Override
            public void read(long offset, ByteBuffer into) throws IOException {
                image.read(offset, into);
            }
        };
        return of(image.spec().size().bytes(), source, progress);
    }

    private static byte[] of(long size, Source source, LongConsumer progress) throws IOException {
        MessageDigest digest = sha256();
        digest.update(number(size));
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
        long at = 0;
        while (at < size) {
            DiskExtent run = source.extentAt(at, size);
            if (run.content() == Content.DATA) {
                addBlock(digest, source, block.clear(), at, size);
                progress.accept(block.limit());
                at += BLOCK_BYTES;
            } else {
                at += run.length() - run.length() % BLOCK_BYTES;
                if (run.length() % BLOCK_BYTES != 0 && at < size) {
                    addBlock(digest, source, block.clear(), at, size);
                    at += BLOCK_BYTES;
                }
            }
        }
        return digest.digest();
    }

    private static void addBlock(MessageDigest digest, Source source, ByteBuffer block, long at, long size)
            throws IOException {
        source.read(at, block.limit((int) Math.min(BLOCK_BYTES, size - at)));
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
