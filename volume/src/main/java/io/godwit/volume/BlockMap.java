package io.godwit.volume;

import io.godwit.core.posix.PosixFile;
import io.godwit.core.posix.PosixFile.Access;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A set of blocks of one disk, kept in a file when asked to. Bits are only ever set, so a file that a crash caught in the
 * middle of being written holds some set between the one before and the one after. Memory and file grow with the parts
 * of the disk that were touched. Thread-safe.
 */
final class BlockMap {
    /** One page of the file: the bits of this many blocks. */
    private static final int PAGE_BYTES = 4096;

    private static final int PAGE_WORDS = PAGE_BYTES / Long.BYTES;
    private static final long PAGE_BITS = 8L * PAGE_BYTES;

    private final int blockBytes;
    private final TreeMap<Long, long[]> pages = new TreeMap<>();
    private final TreeSet<Long> dirty = new TreeSet<>();

    BlockMap(int blockBytes) {
        this.blockBytes = blockBytes;
    }

    /** What a file holds; nothing if there is none. */
    static BlockMap read(Path path, int blockBytes) throws IOException {
        BlockMap map = new BlockMap(blockBytes);
        if (Files.exists(path)) {
            try (PosixFile file = PosixFile.open(path, Access.READ)) {
                map.readPages(file);
            }
        }
        return map;
    }

    private synchronized void readPages(PosixFile file) throws IOException {
        long size = file.size();
        ByteBuffer page = ByteBuffer.allocateDirect(PAGE_BYTES);
        for (OptionalLong data = file.nextData(0); data.isPresent() && data.getAsLong() < size; ) {
            long end = Math.min(size, file.nextHole(data.getAsLong()));
            for (long number = data.getAsLong() / PAGE_BYTES; number * PAGE_BYTES < end; number++) {
                file.read(page.clear(), number * PAGE_BYTES);
                long[] words = new long[PAGE_WORDS];
                page.flip().asLongBuffer().get(words, 0, page.limit() / Long.BYTES);
                pages.put(number, words);
            }
            data = end < size ? file.nextData(end) : OptionalLong.empty();
        }
    }

    int blockBytes() {
        return blockBytes;
    }

    /** Adds every block that a range of the disk touches. */
    synchronized void add(long offset, long length) {
        if (length <= 0) {
            return;
        }
        long last = (offset + length - 1) / blockBytes;
        for (long block = offset / blockBytes; block <= last; ) {
            long page = block / PAGE_BITS;
            long end = Math.min(last + 1, (page + 1) * PAGE_BITS);
            if (set(pages.computeIfAbsent(page, absent -> new long[PAGE_WORDS]), block % PAGE_BITS, end - block)) {
                dirty.add(page);
            }
            block = end;
        }
    }

    private static boolean set(long[] words, long from, long count) {
        boolean any = false;
        for (int bit = (int) from; bit < from + count; ) {
            int word = bit / Long.SIZE;
            int first = bit % Long.SIZE;
            int bits = (int) Math.min(Long.SIZE - first, from + count - bit);
            long mask = bits == Long.SIZE ? -1L : ((1L << bits) - 1) << first;
            any |= (words[word] & mask) != mask;
            words[word] |= mask;
            bit += bits;
        }
        return any;
    }

    /** Adds what another map of blocks holds. */
    void addAll(BlockMap other, long size) {
        for (long at = other.next(0, size); at < size; at = other.next(at, size)) {
            long end = other.nextAbsent(at, size);
            add(at, end - at);
            at = end;
        }
    }

    synchronized boolean has(long offset) {
        long block = offset / blockBytes;
        long[] words = pages.get(block / PAGE_BITS);
        int bit = (int) (block % PAGE_BITS);
        return words != null && (words[bit / Long.SIZE] >>> bit % Long.SIZE & 1) != 0;
    }

    /** Where the first block at or behind {@code from} that is in the set begins (or {@code from} itself, if it lies in one); {@code to} if there is none before that. */
    synchronized long next(long from, long to) {
        return search(from, to, true);
    }

    /** The same for the first block that isn't. */
    synchronized long nextAbsent(long from, long to) {
        return search(from, to, false);
    }

    private long search(long from, long to, boolean wanted) {
        long block = from / blockBytes;
        while (block * blockBytes < to) {
            long page = block / PAGE_BITS;
            long[] words = pages.get(page);
            if (words == null) {
                if (!wanted) {
                    return Math.max(from, block * blockBytes);
                }
                Long higher = pages.higherKey(page);
                if (higher == null) {
                    return to;
                }
                block = higher * PAGE_BITS;
                continue;
            }
            int bit = (int) (block % PAGE_BITS);
            long word = (wanted ? words[bit / Long.SIZE] : ~words[bit / Long.SIZE]) >>> bit % Long.SIZE;
            if (word != 0) {
                long found = (block + Long.numberOfTrailingZeros(word)) * blockBytes;
                return Math.clamp(found, from, to);
            }
            block += Long.SIZE - bit % Long.SIZE;
        }
        return to;
    }

    /** Bytes of the disk in the set, not counting what lies behind its end. */
    synchronized long bytes(long size) {
        long total = 0;
        for (long at = next(0, size); at < size; at = next(at, size)) {
            long end = nextAbsent(at, size);
            total += end - at;
            at = end;
        }
        return total;
    }

    /** What has changed since the last time this was asked, to be given to {@link #write}. */
    synchronized Map<Long, long[]> takeChanged() {
        Map<Long, long[]> changed = new TreeMap<>();
        dirty.forEach(number -> changed.put(
                number, pages.getOrDefault(number, new long[PAGE_WORDS]).clone()));
        dirty.clear();
        return changed;
    }

    /** Writes pages to the map's file; they are on stable storage when this returns. */
    static void write(Map<Long, long[]> changed, PosixFile file) throws IOException {
        if (changed.isEmpty()) {
            return;
        }
        ByteBuffer page = ByteBuffer.allocateDirect(PAGE_BYTES);
        for (Map.Entry<Long, long[]> entry : changed.entrySet()) {
            page.clear().asLongBuffer().put(entry.getValue());
            file.write(page, entry.getKey() * PAGE_BYTES);
        }
        file.sync();
    }

    /** Those pages could not be written, or not for certain. */
    synchronized void putBack(Map<Long, long[]> changed) {
        dirty.addAll(changed.keySet());
    }
}
