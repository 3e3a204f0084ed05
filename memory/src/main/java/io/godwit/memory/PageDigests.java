package io.godwit.memory;

import static io.godwit.memory.RamFile.PAGE_BYTES;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * A CRC-32C of each page of a RAM, to compare the two sides of a move without sending the RAM again. It finds mistakes,
 * not malice: it isn't a cryptographic digest. Text of the encoding: u32 number of pages, then u32 for each page,
 * big-endian.
 */
public final class PageDigests {
    /** 16 GiB of RAM; encoded 16 MiB. */
    public static final int MAX_PAGES = 4 << 20;

    private static final int SLICE_PAGES = 1024;

    private final int[] digests;

    private PageDigests(int[] digests) {
        this.digests = digests;
    }

    /** Digests every page, on all processors. Meaningful only while nobody writes to the RAM. */
    public static PageDigests of(RamFile ram) {
        if (ram.pages() > MAX_PAGES) {
            throw new IllegalArgumentException("digests are limited to %d pages".formatted(MAX_PAGES));
        }
        int[] digests = new int[(int) ram.pages()];
        IntStream.range(0, (digests.length + SLICE_PAGES - 1) / SLICE_PAGES)
                .parallel()
                .forEach(slice -> digest(ram, digests, slice * SLICE_PAGES));
        return new PageDigests(digests);
    }

    /** These digests with those pages digested anew; the pages are the numbers in the set. */
    public PageDigests with(RamFile ram, BitSet pages) {
        int[] next = digests.clone();
        CRC32C crc = new CRC32C();
        pages.stream().forEach(page -> {
            crc.reset();
            crc.update(
                    ram.memory().asSlice((long) page * PAGE_BYTES, PAGE_BYTES).asByteBuffer());
            next[page] = (int) crc.getValue();
        });
        return new PageDigests(next);
    }

    private static void digest(RamFile ram, int[] digests, int first) {
        int end = Math.min(first + SLICE_PAGES, digests.length);
        ByteBuffer bytes = ram.memory()
                .asSlice((long) first * PAGE_BYTES, (long) (end - first) * PAGE_BYTES)
                .asByteBuffer();
        CRC32C crc = new CRC32C();
        for (int page = first; page < end; page++) {
            crc.reset();
            crc.update(bytes.limit((page - first + 1) * PAGE_BYTES));
            digests[page] = (int) crc.getValue();
        }
    }

    public int pages() {
        return digests.length;
    }

    /** The numbers of the pages that differ, ascending; a page that only one side has differs. */
    public int[] differingFrom(PageDigests other) {
        int common = Math.min(digests.length, other.digests.length);
        int all = Math.max(digests.length, other.digests.length);
        return IntStream.range(0, all)
                .filter(page -> page >= common || digests[page] != other.digests[page])
                .toArray();
    }

    public byte[] encode() {
        ByteBuffer bytes = ByteBuffer.allocate(4 + digests.length * 4).putInt(digests.length);
        bytes.asIntBuffer().put(digests);
        return bytes.array();
    }

    /** Reads what {@link #encode} wrote; anything else throws a {@code CORRUPT} GodwitException. */
    public static PageDigests decode(byte[] encoded) {
        ByteBuffer bytes = ByteBuffer.wrap(encoded);
        int pages = encoded.length < 4 ? -1 : bytes.getInt();
        if (pages < 0 || pages > MAX_PAGES || bytes.remaining() != pages * 4) {
            throw Corruption.found("%d bytes that are no page digests".formatted(encoded.length));
        }
        int[] digests = new int[pages];
        bytes.asIntBuffer().get(digests);
        return new PageDigests(digests);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PageDigests that && Arrays.equals(digests, that.digests);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(digests);
    }

    @Override
    public String toString() {
        return "digests of %d pages".formatted(digests.length);
    }
}
