package io.godwit.memory;

import static io.godwit.memory.BatchFormat.MAX_HEADER_BYTES;
import static io.godwit.memory.BatchFormat.MAX_PAGES;
import static io.godwit.memory.BatchFormat.MAX_PLAIN_BYTES;
import static io.godwit.memory.BatchFormat.PREFIX_BYTES;
import static io.godwit.memory.BatchFormat.XOR;
import static io.godwit.memory.BatchFormat.ZERO;
import static io.godwit.memory.RamFile.PAGE_BYTES;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Applies batches to the receiver's RAM. A batch is checked as a whole first: one that is damaged, or meant for other
 * content than is there, throws {@code CORRUPT} and changes nothing.
 */
final class BatchDecoder implements AutoCloseable {
    private final MemorySegment ram;
    private final long ramPages;
    private final byte[] plain = new byte[MAX_PLAIN_BYTES];
    private final MemorySegment plainSegment = MemorySegment.ofArray(plain);
    private final MemorySegment zeroPage = MemorySegment.ofArray(new byte[PAGE_BYTES]);
    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
    private final CRC32C checksum = new CRC32C();
    private final BitSet roundPages = new BitSet();
    private long changedPages;
    private long zeroPages;

    BatchDecoder(MemorySegment ram) {
        this.ram = ram;
        this.ramPages = ram.byteSize() / PAGE_BYTES;
    }

    /** Pages with content applied so far. */
    long changedPages() {
        return changedPages;
    }

    /** Zero pages applied so far. */
    long zeroPages() {
        return zeroPages;
    }

    /** Forgets which pages were applied so far: another round begins. */
    void beginRound() {
        roundPages.clear();
    }

    /** The numbers of the pages applied in this round. */
    BitSet roundPages() {
        return (BitSet) roundPages.clone();
    }

    void apply(ByteBuffer payload) {
        if (payload.remaining() < PREFIX_BYTES) {
            throw Corruption.found("a batch of %d bytes".formatted(payload.remaining()));
        }
        int expected = payload.getInt();
        int headerBytes = Short.toUnsignedInt(payload.getShort());
        int pages = Short.toUnsignedInt(payload.getShort());
        if (headerBytes > MAX_HEADER_BYTES || pages > MAX_PAGES) {
            throw Corruption.found("a batch with %d bytes of header and %d pages".formatted(headerBytes, pages));
        }
        decompress(payload, headerBytes + pages * PAGE_BYTES);
        List<PageRun> runs = PageRun.decode(ByteBuffer.wrap(plain, 0, headerBytes), pages, ramPages);
        undoDifferences(runs, headerBytes);
        verify(expected, headerBytes, pages);
        store(runs, headerBytes);
    }

    private void decompress(ByteBuffer payload, int plainBytes) {
        try {
            int size = zstd.decompressByteArray(
                    plain,
                    0,
                    plainBytes,
                    payload.array(),
                    payload.arrayOffset() + payload.position(),
                    payload.remaining());
            if (size != plainBytes) {
                throw Corruption.found("a batch of %d plain bytes where %d belong".formatted(size, plainBytes));
            }
        } catch (ZstdException _) {
            throw Corruption.found("a batch that can't be decompressed");
        }
    }

    private void undoDifferences(List<PageRun> runs, int contentStart) {
        int slot = contentStart;
        for (PageRun run : runs) {
            if (run.kind() == XOR) {
                xor(slot, run.first() * PAGE_BYTES, run.contentBytes());
            }
            slot += run.contentBytes();
        }
    }

    private void xor(int slot, long at, int bytes) {
        for (int i = 0; i < bytes; i += Long.BYTES) {
            long difference = plainSegment.get(ValueLayout.JAVA_LONG_UNALIGNED, slot + i);
            long before = ram.get(ValueLayout.JAVA_LONG_UNALIGNED, at + i);
            plainSegment.set(ValueLayout.JAVA_LONG_UNALIGNED, slot + i, difference ^ before);
        }
    }

    private void verify(int expected, int headerBytes, int pages) {
        checksum.reset();
        checksum.update(plain, headerBytes, pages * PAGE_BYTES);
        checksum.update(plain, 0, headerBytes);
        if ((int) checksum.getValue() != expected) {
            throw Corruption.found("a batch whose pages don't have the content that was sent");
        }
    }

    private void store(List<PageRun> runs, int contentStart) {
        int slot = contentStart;
        for (PageRun run : runs) {
            roundPages.set((int) run.first(), (int) (run.first() + run.count()));
            if (run.kind() == ZERO) {
                clear(run);
                zeroPages += run.count();
            } else {
                MemorySegment.copy(plainSegment, slot, ram, run.first() * PAGE_BYTES, run.contentBytes());
                slot += run.contentBytes();
                changedPages += run.count();
            }
        }
    }

    /** Writes only to pages that aren't zero yet: a page that nobody touched needs no memory. */
    private void clear(PageRun run) {
        for (long page = run.first(); page < run.first() + run.count(); page++) {
            long at = page * PAGE_BYTES;
            if (MemorySegment.mismatch(ram, at, at + PAGE_BYTES, zeroPage, 0, PAGE_BYTES) >= 0) {
                MemorySegment.copy(zeroPage, 0, ram, at, PAGE_BYTES);
            }
        }
    }

    @Override
    public void close() {
        zstd.close();
    }
}
