package io.godwit.volume;

import io.godwit.volume.DiskExtent.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Digests of parts of a disk, by which two copies find out where they differ without sending the content: a leaf is the
 * SHA-256 of 64 KiB, a node that of its 32 children's digests; what is all zeroes has a digest of zeroes. It doesn't matter
 * where a copy has holes, and holes are not read. Nothing is kept: what isn't asked for isn't computed. Exact layout:
 * docs/verify.md. For one thread.
 */
public final class DigestTree {
    public static final int DIGEST_BYTES = 32;
    public static final int LEAF_BYTES = 64 << 10;
    public static final int FAN_OUT = 32;
    /** The level of the largest nodes, 64 MiB each; leaves are level 0. */
    public static final int TOP_LEVEL = 2;

    private static final ByteBuffer ZERO_DIGEST =
            ByteBuffer.allocate(DIGEST_BYTES).asReadOnlyBuffer();
    private static final long LOOK_AHEAD_BYTES = 1L << 40;
    private static final int LOOK_AHEAD_RUNS = 1;

    /** Is told what is about to be read, and may make the reader wait for its turn. */
    public interface Pace {
        void beforeReading(int bytes) throws InterruptedException;
    }

    private final BlockDevice disk;
    private final long size;
    private final Pace pace;
    private final MessageDigest sha256;
    private final ByteBuffer leaf = ByteBuffer.allocateDirect(LEAF_BYTES);
    /** The run that was looked up last. */
    private DiskExtent run = new DiskExtent(0, 0, Content.HOLE);

    public DigestTree(BlockDevice disk, Pace pace) {
        this.disk = disk;
        this.size = disk.size().bytes();
        this.pace = pace;
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** So many bytes of a disk a node of that level stands for; the last one of a disk perhaps for fewer. */
    public static long nodeBytes(int level) {
        long bytes = LEAF_BYTES;
        for (int i = 0; i < level; i++) {
            bytes *= FAN_OUT;
        }
        return bytes;
    }

    /** So many nodes of that level a disk of this size has. */
    public static long nodes(long diskBytes, int level) {
        return (diskBytes + nodeBytes(level) - 1) / nodeBytes(level);
    }

    /** The digest of one node, computed now. */
    public byte[] digest(int level, long index) throws IOException, InterruptedException {
        byte[] digest = new byte[DIGEST_BYTES];
        node(level, index * nodeBytes(level), ByteBuffer.wrap(digest));
        return digest;
    }

    private void node(int level, long offset, ByteBuffer into) throws IOException, InterruptedException {
        if (isEmpty(offset, Math.min(size, offset + nodeBytes(level)))) {
            into.put(ZERO_DIGEST.duplicate());
        } else if (level == 0) {
            leaf(offset, into);
        } else {
            inner(level, offset, into);
        }
    }

    private void inner(int level, long offset, ByteBuffer into) throws IOException, InterruptedException {
        ByteBuffer children = ByteBuffer.allocate(FAN_OUT * DIGEST_BYTES);
        long childBytes = nodeBytes(level - 1);
        for (int child = 0; child < FAN_OUT && offset + child * childBytes < size; child++) {
            node(level - 1, offset + child * childBytes, children);
        }
        put(children.flip(), into);
    }

    private void leaf(long offset, ByteBuffer into) throws IOException, InterruptedException {
        int length = (int) Math.min(LEAF_BYTES, size - offset);
        pace.beforeReading(length);
        disk.read(offset, leaf.clear().limit(length));
        put(leaf.flip(), into);
    }

    private void put(ByteBuffer content, ByteBuffer into) {
        if (Zeroes.only(content)) {
            into.put(ZERO_DIGEST.duplicate());
        } else {
            sha256.update(content);
            into.put(sha256.digest());
        }
    }

    /** Whether the disk has nothing but zeroes there, as far as that is known without reading. */
    private boolean isEmpty(long from, long to) throws IOException {
        long at = from;
        while (at < to) {
            if (at < run.offset() || at >= run.offset() + run.length()) {
                run = disk.extents(at, Math.min(LOOK_AHEAD_BYTES, size - at), LOOK_AHEAD_RUNS)
                        .getFirst();
            }
            if (run.content() == Content.DATA) {
                return false;
            }
            at = run.offset() + run.length();
        }
        return true;
    }
}
