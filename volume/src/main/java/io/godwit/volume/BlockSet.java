package io.godwit.volume;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A set of a disk's blocks: a bit each, 32 KiB of memory for each GiB of 4 KiB blocks in which there are any. What one
 * thread adds others see.
 */
final class BlockSet {
    private static final int WORDS = 4096;
    private static final long BLOCKS_A_PART = (long) WORDS * Long.SIZE;

    private final AtomicReferenceArray<AtomicLongArray> parts;

    BlockSet(long blocks) {
        this.parts = new AtomicReferenceArray<>(Math.toIntExact((blocks + BLOCKS_A_PART - 1) / BLOCKS_A_PART));
    }

    boolean contains(long block) {
        AtomicLongArray part = parts.get((int) (block / BLOCKS_A_PART));
        return part != null && (part.get(word(block)) & bit(block)) != 0;
    }

    /** Adds a block; returns whether it is new. */
    boolean add(long block) {
        int index = (int) (block / BLOCKS_A_PART);
        if (parts.get(index) == null) {
            parts.compareAndSet(index, null, new AtomicLongArray(WORDS));
        }
        long bit = bit(block);
        return (parts.get(index).getAndAccumulate(word(block), bit, (have, more) -> have | more) & bit) == 0;
    }

    /** Where a run of blocks ends that begins at {@code block} and is all in the set, or all not, at most at {@code limit}. */
    long endOfRun(long block, long limit, boolean in) {
        long at = block + 1;
        while (at < limit && contains(at) == in) {
            at++;
        }
        return at;
    }

    private static int word(long block) {
        return (int) (block % BLOCKS_A_PART / Long.SIZE);
    }

    private static long bit(long block) {
        return 1L << (block % Long.SIZE);
    }
}
