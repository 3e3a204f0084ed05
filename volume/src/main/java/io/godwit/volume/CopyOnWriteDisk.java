package io.godwit.volume;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.posix.ErrnoException;
import io.godwit.core.posix.PosixFile;
import io.godwit.core.posix.PosixFile.Access;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A disk of the past that can be written: blocks that were are in a sparse file, the others are read from the point. The
 * file has no name, so that whatever ends this process leaves nothing of it behind. Used by many threads: reads take no
 * lock, a block counts as written when its content is in the file.
 */
public final class CopyOnWriteDisk implements BlockDevice, AutoCloseable {
    private static final int BLOCK_BYTES = DiskSpec.SIZE_UNIT_BYTES;

    private final BlockDevice below;
    private final BaseImage scratch;
    private final ScratchSpace space;
    private final BlockSet written;
    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
    private long taken;
    private boolean closed;

    private CopyOnWriteDisk(BlockDevice below, BaseImage scratch, ScratchSpace space) {
        this.below = below;
        this.scratch = scratch;
        this.space = space;
        this.written = new BlockSet(below.size().bytes() / BLOCK_BYTES);
    }

    /** Lays a written layer over a device whose size is a multiple of 4096 bytes. */
    public static CopyOnWriteDisk over(BlockDevice below, ScratchSpace space) throws IOException {
        Path directory = Files.createTempDirectory(space.directory(), "scratch");
        Path file = directory.resolve("disk");
        try {
            try (PosixFile made = PosixFile.open(file, Access.CREATE)) {
                made.truncate(below.size().bytes());
            }
            BaseImage scratch = RawImage.open(new DiskSpec(new DiskName("scratch"), below.size(), file), file);
            return new CopyOnWriteDisk(below, scratch, space);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }

    @Override
    public ByteCount size() {
        return below.size();
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        int limit = into.limit();
        long end = offset + into.remaining();
        for (long at = offset; at < end; ) {
            boolean ours = written.contains(at / BLOCK_BYTES);
            long to = endOfRun(at, end, ours);
            into.limit(into.position() + (int) (to - at));
            if (ours) {
                scratch.read(at, into);
            } else {
                below.read(at, into);
            }
            at = to;
        }
        into.limit(limit);
    }

    /** Whose a block is was asked once: it may become ours meanwhile, those behind it needn't. */
    private long endOfRun(long at, long end, boolean ours) {
        long blocks = (end + BLOCK_BYTES - 1) / BLOCK_BYTES;
        return Math.min(end, written.endOfRun(at / BLOCK_BYTES, blocks, ours) * BLOCK_BYTES);
    }

    @Override
    public synchronized Position write(long offset, ByteBuffer from) throws IOException {
        long end = offset + from.remaining();
        requireOpen();
        takeFor(offset, end);
        completeEdges(offset, end);
        try {
            scratch.write(offset, from);
        } catch (ErrnoException failed) {
            throw full(failed);
        }
        addAll(offset, end);
        return head();
    }

    private void requireOpen() {
        if (closed) {
            throw new GodwitException(ErrorCode.CONFLICT, "what was written over this point is gone: it was closed");
        }
    }

    private static IOException full(ErrnoException failed) {
        if (failed.noSpace()) {
            throw new GodwitException(ErrorCode.NO_SPACE, "there is no room for the change: " + failed.getMessage());
        }
        return failed;
    }

    private void takeFor(long offset, long end) throws IOException {
        long fresh = 0;
        for (long at = offset / BLOCK_BYTES; at * BLOCK_BYTES < end; at++) {
            fresh += written.contains(at) ? 0 : BLOCK_BYTES;
        }
        if (fresh > 0) {
            space.take(fresh);
            taken += fresh;
        }
    }

    /** Blocks that are only changed in part get the rest from the point first. */
    private void completeEdges(long offset, long end) throws IOException {
        if (offset % BLOCK_BYTES != 0) {
            copyUp(offset / BLOCK_BYTES);
        }
        if (end % BLOCK_BYTES != 0) {
            copyUp(end / BLOCK_BYTES);
        }
    }

    private void copyUp(long number) throws IOException {
        if (!written.contains(number)) {
            below.read(number * BLOCK_BYTES, block.clear());
            try {
                scratch.write(number * BLOCK_BYTES, block.flip());
            } catch (ErrnoException failed) {
                throw full(failed);
            }
        }
    }

    private void addAll(long offset, long end) {
        for (long at = offset / BLOCK_BYTES; at * BLOCK_BYTES < end; at++) {
            written.add(at);
        }
    }

    @Override
    public Position zero(long offset, long length) throws IOException {
        return clear(offset, length);
    }

    @Override
    public Position trim(long offset, long length) throws IOException {
        return clear(offset, length);
    }

    /** Whole blocks become holes of the file, which take no room; edges are written. */
    private synchronized Position clear(long offset, long length) throws IOException {
        requireOpen();
        long end = offset + length;
        long first = (offset + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
        long last = end / BLOCK_BYTES * BLOCK_BYTES;
        if (first >= last) {
            return write(offset, ByteBuffer.allocateDirect((int) length));
        }
        write(offset, ByteBuffer.allocateDirect((int) (first - offset)));
        write(last, ByteBuffer.allocateDirect((int) (end - last)));
        scratch.discard(first, last - first);
        addAll(first, last);
        return head();
    }

    @Override
    public List<DiskExtent> extents(long offset, long length, int limit) throws IOException {
        ExtentRuns runs = new ExtentRuns(offset, limit);
        long end = offset + length;
        while (runs.end() < end) {
            long at = runs.end();
            boolean ours = written.contains(at / BLOCK_BYTES);
            long to = endOfRun(at, end, ours);
            if (ours) {
                runs.addImage(scratch, to);
            } else {
                below.extents(at, to - at, limit).forEach(runs::add);
            }
            if (runs.end() < to) {
                break;
            }
        }
        return runs.list();
    }

    @Override
    public void prefetch(long offset, long length) throws IOException {
        below.prefetch(offset, length);
    }

    @Override
    public Position head() {
        return below.head();
    }

    /** Drops everything that was written. Nobody may read any more. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            scratch.close();
            space.giveBack(taken);
        }
    }
}
