package io.godwit.memory;

import static io.godwit.memory.RamFile.PAGE_BYTES;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * What a receiver has of a machine's RAM from before: a digest of each of its first pages. A page that is the same needs not be sent. A digest is the
 * first 16 bytes of SHA-256: that two different pages have the same one is not to be reckoned with.
 */
final class HeldPages {
    static final int DIGEST_BYTES = 16;

    /** Pages whose digests are asked for at once: 256 MiB of RAM, 1 MiB of digests. */
    static final int AT_ONCE = 1 << 16;

    static final HeldPages NONE = new HeldPages(new byte[0]);

    private final byte[] digests;

    HeldPages(byte[] digests) {
        this.digests = digests;
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException(absent);
        }
    }

    /** Whether the receiver has this content of a page already. */
    boolean has(long page, byte[] content, int at, MessageDigest digest) {
        if (page >= digests.length / DIGEST_BYTES) {
            return false;
        }
        digest.update(content, at, PAGE_BYTES);
        int theirs = Math.toIntExact(page * DIGEST_BYTES);
        return Arrays.equals(digest.digest(), 0, DIGEST_BYTES, digests, theirs, theirs + DIGEST_BYTES);
    }

    /** The digests of at most {@link #AT_ONCE} pages of a RAM from one on; none from its end on. */
    static byte[] digests(MemorySegment ram, long first) {
        long pages = Math.clamp(ram.byteSize() / PAGE_BYTES - first, 0, AT_ONCE);
        ByteArrayOutputStream all = new ByteArrayOutputStream(Math.toIntExact(pages * DIGEST_BYTES));
        MessageDigest digest = digest();
        for (long page = first; page < first + pages; page++) {
            ByteBuffer content = ram.asSlice(page * PAGE_BYTES, PAGE_BYTES).asByteBuffer();
            digest.update(content);
            all.write(digest.digest(), 0, DIGEST_BYTES);
        }
        return all.toByteArray();
    }
}
