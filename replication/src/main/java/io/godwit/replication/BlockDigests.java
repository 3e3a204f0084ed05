package io.godwit.replication;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Digests by which two sites find out which blocks of a disk differ: the first 16 bytes of the SHA-256 over the session's
 * salt and the content, of ranges of 256 KiB and, where those differ, of their blocks of 4 KiB. Used by one thread.
 */
final class BlockDigests {
    static final int DIGEST_BYTES = 16;
    static final int BLOCK_BYTES = 4096;
    /** A range has as many blocks as a long has bits, and is as long as a chunk. */
    static final int RANGE_BYTES = BLOCK_BYTES * Long.SIZE;

    private final byte[] salt;
    private final MessageDigest sha256;

    BlockDigests(Salt salt) {
        this.salt = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(salt.high())
                .putLong(salt.low())
                .array();
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** Length of the range that begins at {@code offset}: the last one of a disk may be shorter. */
    static int rangeBytes(long offset, long diskBytes) {
        return (int) Math.min(RANGE_BYTES, diskBytes - offset);
    }

    static int blocks(int rangeBytes) {
        return (rangeBytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
    }

    /** Adds the digest of all of the buffer, which isn't moved. */
    void add(ByteBuffer content, ByteBuffer into) {
        sha256.update(salt);
        sha256.update(content.duplicate());
        into.put(sha256.digest(), 0, DIGEST_BYTES);
    }

    /** Adds the digest of each block of a range. */
    void addBlocks(ByteBuffer range, ByteBuffer into) {
        for (int block = 0; block < blocks(range.remaining()); block++) {
            add(block(range, block), into);
        }
    }

    /** The content of one block of a range. */
    static ByteBuffer block(ByteBuffer range, int block) {
        int at = range.position() + block * BLOCK_BYTES;
        return range.slice(at, Math.min(BLOCK_BYTES, range.limit() - at));
    }

    /** The blocks, as bits, whose digests are others than these. */
    long differing(ByteBuffer range, ByteBuffer theirs) {
        long mask = 0;
        ByteBuffer ours = ByteBuffer.allocate(DIGEST_BYTES);
        for (int block = 0; block < blocks(range.remaining()); block++) {
            add(block(range, block), ours.clear());
            ByteBuffer other = theirs.slice(theirs.position() + block * DIGEST_BYTES, DIGEST_BYTES);
            if (!ours.flip().equals(other)) {
                mask |= 1L << block;
            }
        }
        return mask;
    }
}
