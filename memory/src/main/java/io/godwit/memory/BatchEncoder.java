package io.godwit.memory;

import static io.godwit.memory.BatchFormat.MAX_HEADER_BYTES;
import static io.godwit.memory.BatchFormat.MAX_PAGES;
import static io.godwit.memory.BatchFormat.MAX_PAYLOAD_BYTES;
import static io.godwit.memory.BatchFormat.MAX_PLAIN_BYTES;
import static io.godwit.memory.BatchFormat.MAX_RUNS;
import static io.godwit.memory.BatchFormat.PREFIX_BYTES;
import static io.godwit.memory.BatchFormat.RAW;
import static io.godwit.memory.BatchFormat.XOR;
import static io.godwit.memory.BatchFormat.ZERO;
import static io.godwit.memory.RamFile.PAGE_BYTES;

import com.github.luben.zstd.ZstdCompressCtx;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.zip.CRC32C;

/**
 * Gathers changed pages into a batch (see {@link BatchFormat}) and brings the shadow, the copy of what the receiver
 * has, up to date with it. A page is copied once, and the copy is what is tested, sent and remembered: the guest may
 * write to the page meanwhile, and the next round will see that.
 */
final class BatchEncoder implements AutoCloseable {
    private static final int LEVEL = 1;

    /** A difference pays when at least this many of the page's 512 words stayed as they were. */
    private static final int MIN_EQUAL_WORDS = 64;

    private static final MemorySegment ZERO_PAGE =
            MemorySegment.ofArray(new byte[PAGE_BYTES]).asReadOnly();

    private final MemorySegment ram;
    private final MemorySegment shadow;
    private final byte[] plain = new byte[MAX_PLAIN_BYTES];
    private final MemorySegment plainSegment = MemorySegment.ofArray(plain);
    private final RunHeader header = new RunHeader();
    private final byte[] payload = new byte[MAX_PAYLOAD_BYTES];
    private final ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(LEVEL);
    private final CRC32C checksum = new CRC32C();
    private final MessageDigest digest = HeldPages.digest();
    private int pages;
    private long changedPages;
    private long zeroPages;

    BatchEncoder(MemorySegment ram, MemorySegment shadow) {
        this.ram = ram;
        this.shadow = shadow;
    }

    /** Adds a page that the receiver has never been sent, unless that content is what it holds there from before. */
    void addFirst(long page, HeldPages held) {
        take(ram, page * PAGE_BYTES);
        if (held.has(page, plain, slot(), digest)) {
            remember(page);
        } else if (isZero()) {
            addZero(page);
        } else {
            checksum.update(plain, slot(), PAGE_BYTES);
            remember(page);
            keep(page, RAW);
        }
    }

    /** Adds a page that differs from what the receiver was sent. */
    void addChanged(long page) {
        addChanged(page, ram, page * PAGE_BYTES);
    }

    /** Adds a page whose content was copied aside. */
    void addChanged(long page, MemorySegment from, long at) {
        take(from, at);
        if (isZero()) {
            remember(page);
            addZero(page);
        } else {
            checksum.update(plain, slot(), PAGE_BYTES);
            keep(page, difference(page));
        }
    }

    private void take(MemorySegment from, long at) {
        MemorySegment.copy(from, at, plainSegment, slot(), PAGE_BYTES);
    }

    private boolean isZero() {
        return MemorySegment.mismatch(plainSegment, slot(), slot() + PAGE_BYTES, ZERO_PAGE, 0, PAGE_BYTES) < 0;
    }

    private void remember(long page) {
        MemorySegment.copy(plainSegment, slot(), shadow, page * PAGE_BYTES, PAGE_BYTES);
    }

    /** Puts the difference in the slot if that pays, and the new content into the shadow in any case. */
    private int difference(long page) {
        int equalWords = 0;
        for (int at = 0; at < PAGE_BYTES; at += Long.BYTES) {
            if (word(plainSegment, slot() + at) == word(shadow, page * PAGE_BYTES + at)) {
                equalWords++;
            }
        }
        if (equalWords < MIN_EQUAL_WORDS) {
            remember(page);
            return RAW;
        }
        for (int at = 0; at < PAGE_BYTES; at += Long.BYTES) {
            long before = word(shadow, page * PAGE_BYTES + at);
            long now = word(plainSegment, slot() + at);
            shadow.set(ValueLayout.JAVA_LONG_UNALIGNED, page * PAGE_BYTES + at, now);
            plainSegment.set(ValueLayout.JAVA_LONG_UNALIGNED, slot() + at, now ^ before);
        }
        return XOR;
    }

    private static long word(MemorySegment segment, long at) {
        return segment.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
    }

    private int slot() {
        return MAX_HEADER_BYTES + pages * PAGE_BYTES;
    }

    private void addZero(long page) {
        header.add(page, ZERO);
        zeroPages++;
    }

    private void keep(long page, int kind) {
        header.add(page, kind);
        pages++;
        changedPages++;
    }

    /** Whether the batch must be taken before another page is added. */
    boolean isFull() {
        return pages == MAX_PAGES || header.runs() == MAX_RUNS;
    }

    boolean isEmpty() {
        return header.runs() == 0;
    }

    /** The batch's payload, valid until the next call of any method; the encoder is empty again. */
    ByteBuffer finish() {
        byte[] runs = header.finish();
        checksum.update(runs);
        int start = MAX_HEADER_BYTES - runs.length;
        System.arraycopy(runs, 0, plain, start, runs.length);
        int compressed = zstd.compressByteArray(
                payload, PREFIX_BYTES, payload.length - PREFIX_BYTES, plain, start, slot() - start);
        ByteBuffer batch = ByteBuffer.wrap(payload, 0, PREFIX_BYTES + compressed);
        batch.putInt((int) checksum.getValue()).putShort((short) runs.length).putShort((short) pages);
        checksum.reset();
        pages = 0;
        return batch.rewind();
    }

    /** Pages with content added since the encoder was made. */
    long changedPages() {
        return changedPages;
    }

    /** Zero pages added since the encoder was made. */
    long zeroPages() {
        return zeroPages;
    }

    @Override
    public void close() {
        zstd.close();
    }
}
