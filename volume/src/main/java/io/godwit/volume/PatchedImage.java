package io.godwit.volume;

import io.godwit.core.posix.PosixFile;
import io.godwit.core.posix.PosixFile.Access;
import io.godwit.volume.DiskExtent.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What is to become of a disk, beside what it is: a sparse file with the blocks that differ and a map that says which
 * those are; all others are read from below, which isn't changed. A block counts as patched on stable storage only after
 * its content is there.
 */
final class PatchedImage implements BaseImage {
    static final int BLOCK_BYTES = 4096;
    private static final long LOOK_AHEAD_BYTES = 1L << 30;

    private final DiskSpec spec;
    private final BlockDevice below;
    private final PosixFile content;
    private final PosixFile mapFile;
    private final BlockMap patched;
    private final Object syncing = new Object();

    private PatchedImage(DiskSpec spec, BlockDevice below, PosixFile content, PosixFile mapFile, BlockMap patched) {
        this.spec = spec;
        this.below = below;
        this.content = content;
        this.mapFile = mapFile;
        this.patched = patched;
    }

    static Path contentPath(Path directory, int disk) {
        return directory.resolve("patch-%d.data".formatted(disk));
    }

    static Path mapPath(Path directory, int disk) {
        return directory.resolve("patch-%d.map".formatted(disk));
    }

    /** Opens the patch of a disk in a directory; what isn't there yet is made. */
    static PatchedImage open(Path directory, int disk, DiskSpec spec, BlockDevice below) throws IOException {
        BlockMap patched = BlockMap.read(mapPath(directory, disk), BLOCK_BYTES);
        PosixFile content = openOrMake(contentPath(directory, disk));
        try {
            content.truncate(spec.size().bytes());
            return new PatchedImage(spec, below, content, openOrMake(mapPath(directory, disk)), patched);
        } catch (IOException failed) {
            content.close();
            throw failed;
        }
    }

    private static PosixFile openOrMake(Path path) throws IOException {
        return PosixFile.open(path, Files.exists(path) ? Access.READ_WRITE : Access.CREATE);
    }

    @Override
    public DiskSpec spec() {
        return spec;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        int limit = into.limit();
        long end = offset + into.remaining();
        for (long at = offset; at < end; ) {
            boolean here = patched.has(at);
            long next = here ? patched.nextAbsent(at, end) : patched.next(at, end);
            into.limit(into.position() + (int) (next - at));
            if (here) {
                content.read(into, at);
            } else {
                below.read(at, into);
            }
            at = next;
        }
        into.limit(limit);
    }

    @Override
    public void prefetch(long offset, long length) throws IOException {
        below.prefetch(offset, length);
    }

    /** One at a time: two that complete the same block would undo each other. */
    @Override
    public synchronized void write(long offset, ByteBuffer from) throws IOException {
        long length = from.remaining();
        complete(offset);
        complete(offset + length);
        content.write(from, offset);
        patched.add(offset, length);
    }

    /** Brings the block that a change begins or ends in the middle of into the patch as it is. */
    private void complete(long offset) throws IOException {
        long begin = offset - offset % BLOCK_BYTES;
        if (begin == offset || patched.has(begin)) {
            return;
        }
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
        below.read(begin, block);
        content.write(block.flip(), begin);
        patched.add(begin, BLOCK_BYTES);
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        discard(offset, length);
    }

    @Override
    public synchronized void discard(long offset, long length) throws IOException {
        long end = offset + length;
        long first = Math.min(end, (offset + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES);
        long last = Math.max(first, end / BLOCK_BYTES * BLOCK_BYTES);
        writeZeroes(offset, first);
        for (long at = first; at < last; ) {
            boolean here = patched.has(at);
            long next = here ? patched.nextAbsent(at, last) : patched.next(at, last);
            if (here) {
                content.punchHole(at, next - at);
            } else {
                coverData(at, next);
            }
            at = next;
        }
        writeZeroes(last, end);
    }

    private void writeZeroes(long from, long to) throws IOException {
        if (from < to) {
            write(from, ByteBuffer.allocateDirect((int) (to - from)));
        }
    }

    /** Lets blocks below that hold something read as zeroes; those that are zero as they are need no patch. */
    private void coverData(long from, long to) throws IOException {
        for (long at = from; at < to; ) {
            DiskExtent run =
                    below.extents(at, Math.min(LOOK_AHEAD_BYTES, to - at), 2).getFirst();
            if (run.content() == Content.DATA) {
                long begin = at - at % BLOCK_BYTES;
                long end = Math.min(to, (at + run.length() + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES);
                content.punchHole(begin, end - begin);
                patched.add(begin, end - begin);
            }
            at += run.length();
        }
    }

    @Override
    public void sync() throws IOException {
        synchronized (syncing) {
            Map<Long, long[]> changed = patched.takeChanged();
            try {
                content.syncData();
                BlockMap.write(changed, mapFile);
            } catch (IOException failed) {
                patched.putBack(changed);
                throw failed;
            }
        }
    }

    @Override
    public DiskExtent extentAt(long offset, long to) throws IOException {
        if (!patched.has(offset)) {
            long end = Math.min(patched.next(offset, to), offset + LOOK_AHEAD_BYTES);
            return below.extents(offset, end - offset, 2).getFirst();
        }
        long end = patched.nextAbsent(offset, to);
        OptionalLong data = content.nextData(offset);
        if (data.isEmpty() || data.getAsLong() > offset) {
            return new DiskExtent(offset, Math.min(end, data.orElse(end)) - offset, Content.HOLE);
        }
        return new DiskExtent(offset, Math.min(end, content.nextHole(offset)) - offset, Content.DATA);
    }

    /** Writes all that is patched into the disk's own image, which holds exactly what was below; repeating it changes nothing. */
    static void merge(Path directory, int disk, DiskSpec spec) throws IOException {
        BlockMap patched = BlockMap.read(mapPath(directory, disk), BLOCK_BYTES);
        long size = spec.size().bytes();
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        try (PosixFile content = PosixFile.open(contentPath(directory, disk), Access.READ);
                BaseImage image = BaseImages.open(spec)) {
            for (long at = patched.next(0, size); at < size; at = patched.next(at, size)) {
                long end = patched.nextAbsent(at, size);
                OptionalLong data = content.nextData(at);
                long begin = Math.min(end, data.orElse(end));
                if (begin > at) {
                    image.discard(at, begin - at);
                    at = begin;
                } else {
                    buffer.clear().limit((int) Math.min(buffer.capacity(), Math.min(end, content.nextHole(at)) - at));
                    content.read(buffer, at);
                    image.write(at, buffer.flip());
                    at += buffer.limit();
                }
            }
            image.sync();
        }
    }

    @Override
    public void close() {
        content.close();
        mapFile.close();
    }
}
