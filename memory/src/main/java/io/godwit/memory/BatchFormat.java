package io.godwit.memory;

/**
 * The layout of a batch: up to {@link #MAX_PAGES} pages with content and any number of zero pages, in ascending order.
 *
 * <pre>
 *   u32  CRC-32C of the pages' content as it must be afterwards, followed by the header
 *   u16  bytes of the header
 *   u16  pages with content
 *   zstd( header | content )
 *
 *   header  = run ...      run = varint pages left out since the run before, varint (pages in the run << 2 | kind)
 *   content = 4,096 bytes for each page of a RAW or XOR run
 * </pre>
 *
 * The checksum is over what the pages become, not over what is sent: it finds a damaged byte, a faulty decoder and an
 * XOR against the wrong earlier version alike, before anything is changed.
 */
final class BatchFormat {
    static final int MAX_PAGES = 64;
    static final int MAX_RUNS = 512;

    /** Two varints of at most 6 and 6 bytes: RAM is smaller than 2^40 pages. */
    static final int MAX_RUN_BYTES = 12;

    static final int MAX_HEADER_BYTES = MAX_RUNS * MAX_RUN_BYTES;
    static final int MAX_PLAIN_BYTES = MAX_HEADER_BYTES + MAX_PAGES * RamFile.PAGE_BYTES;
    static final int PREFIX_BYTES = 8;

    /** zstd's own bound for what doesn't compress. */
    static final int MAX_PAYLOAD_BYTES = PREFIX_BYTES + MAX_PLAIN_BYTES + (MAX_PLAIN_BYTES >> 8) + 64;

    /** All bytes are zero; no content is sent. */
    static final int ZERO = 0;

    /** The content is sent as it is. */
    static final int RAW = 1;

    /** The content is sent XORed with the version that was sent before. */
    static final int XOR = 2;

    private BatchFormat() {}
}
