package io.godwit.replication;

import io.godwit.core.DiskName;
import io.godwit.replication.ReplicaMessage.Differing;
import io.godwit.replication.SourceMessage.Blocks;
import io.godwit.replication.SourceMessage.Digests;
import io.godwit.volume.Disk;
import io.godwit.volume.DiskExtent;
import io.godwit.volume.DiskExtent.Content;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** What a copy does to the disks of a replica's store, beside its log; everything from outside is checked. */
record DiskWriter(GroupStore store, List<DiskSpec> disks) {
    private static final int RANGE = BlockDigests.RANGE_BYTES;
    private static final int BLOCK = BlockDigests.BLOCK_BYTES;
    private static final int LOOK_AHEAD_RUNS = 64;

    private DiskName name(int disk) {
        return disks.get(disk).name();
    }

    private long size(int disk) {
        return disks.get(disk).size().bytes();
    }

    /** Writes a chunk onto what was all holes before. */
    void chunk(int disk, long offset, ByteBuffer content) throws IOException {
        requireRange(disk, offset, content.remaining());
        new SparseWrite(store, name(disk)).write(offset, content);
    }

    private void requireRange(int disk, long offset, long length) {
        new DiskRun(disk, offset, length).checkFits(disks);
    }

    /** Lets a range read as zeroes; what does so already costs nothing. */
    void clear(DiskRun run) throws IOException {
        run.checkFits(disks);
        Disk disk = store.disk(name(run.disk()));
        long end = run.offset() + run.length();
        for (long at = run.offset(); at < end; ) {
            for (DiskExtent extent : disk.extents(at, end - at, LOOK_AHEAD_RUNS)) {
                if (extent.content() == Content.DATA) {
                    store.zeroBase(disk.name(), extent.offset(), extent.length());
                }
                at = extent.offset() + extent.length();
            }
        }
    }

    /** Says which ranges differ, and how. */
    Differing compare(Digests theirs, BlockDigests digests) throws IOException {
        int ranges = theirs.ranges();
        requireRanges(theirs.disk(), theirs.offset(), ranges);
        Disk disk = store.disk(name(theirs.disk()));
        ByteBuffer content = ByteBuffer.allocateDirect(RANGE);
        ByteBuffer blocks = ByteBuffer.allocate(ranges * Long.SIZE * BlockDigests.DIGEST_BYTES);
        ByteBuffer ours = ByteBuffer.allocate(BlockDigests.DIGEST_BYTES);
        int differing = 0;
        for (int range = 0; range < ranges; range++) {
            long offset = theirs.offset() + (long) range * RANGE;
            disk.read(offset, content.clear().limit(BlockDigests.rangeBytes(offset, size(theirs.disk()))));
            digests.add(content.flip(), ours.clear());
            ByteBuffer other = theirs.digests().slice(range * BlockDigests.DIGEST_BYTES, BlockDigests.DIGEST_BYTES);
            if (!ours.flip().equals(other)) {
                differing |= 1 << range;
                digests.addBlocks(content, blocks);
            }
        }
        return new Differing(theirs.disk(), theirs.offset(), differing, blocks.flip());
    }

    private void requireRanges(int disk, long offset, int ranges) {
        requireRange(disk, offset, 1);
        if (offset % RANGE != 0 || offset + (ranges - 1L) * RANGE >= size(disk)) {
            throw Wire.corrupt("%d ranges at %d of disk number %d".formatted(ranges, offset, disk));
        }
    }

    /** Writes the blocks of a range that differed. */
    void blocks(Blocks blocks, ByteBuffer content) throws IOException {
        requireRanges(blocks.disk(), blocks.offset(), 1);
        int length = BlockDigests.rangeBytes(blocks.offset(), size(blocks.disk()));
        int count = BlockDigests.blocks(length);
        long known = count == Long.SIZE ? -1L : (1L << count) - 1;
        boolean fits = ((blocks.filled() | blocks.zeroes()) & ~known) == 0
                && content.remaining() == bytes(blocks.filled(), length);
        if (!fits) {
            throw Wire.corrupt("%d bytes of blocks at %d".formatted(content.remaining(), blocks.offset()));
        }
        for (int from = 0; from < count; ) {
            int to = endOfRun(blocks, from, count);
            long offset = blocks.offset() + (long) from * BLOCK;
            int bytes = Math.min(length, to * BLOCK) - from * BLOCK;
            if (bit(blocks.filled(), from)) {
                store.writeBase(name(blocks.disk()), offset, content.slice(content.position(), bytes));
                content.position(content.position() + bytes);
            } else if (bit(blocks.zeroes(), from)) {
                store.zeroBase(name(blocks.disk()), offset, bytes);
            }
            from = to;
        }
    }

    private static int bytes(long mask, int length) {
        int last = (length - 1) / BLOCK;
        int missing = bit(mask, last) ? (last + 1) * BLOCK - length : 0;
        return Long.bitCount(mask) * BLOCK - missing;
    }

    private static int endOfRun(Blocks blocks, int from, int count) {
        int to = from + 1;
        while (to < count
                && bit(blocks.filled(), to) == bit(blocks.filled(), from)
                && bit(blocks.zeroes(), to) == bit(blocks.zeroes(), from)) {
            to++;
        }
        return to;
    }

    private static boolean bit(long mask, int bit) {
        return (mask >>> bit & 1) != 0;
    }
}
