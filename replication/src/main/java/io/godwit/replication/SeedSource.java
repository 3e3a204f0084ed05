package io.godwit.replication;

import io.godwit.volume.Disk;
import io.godwit.volume.DiskExtent;
import io.godwit.volume.DiskExtent.Content;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Walks over the disks' content, a chunk at a time, while guests write. Holes, reserved zeroes and chunks that turn out
 * to be zero are passed over: the replica begins with empty disks, and what becomes zero later is in the log.
 */
final class SeedSource {
    static final int CHUNK_BYTES = 256 << 10;
    private static final long LOOK_AHEAD_BYTES = 1L << 30;
    private static final int LOOK_AHEAD_RUNS = 2;

    /** Content at a place; the buffer is valid until the next chunk is read. */
    record Piece(int disk, long offset, ByteBuffer bytes) {}

    private final List<Disk> disks;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK_BYTES);
    private SeedCursor cursor;

    SeedSource(GroupStore store, SeedCursor from) {
        this.disks = store.disks().stream().map(DiskSpec::name).map(store::disk).toList();
        this.cursor = from;
    }

    /** Everything before it was given out by {@link #next}, or is zero. */
    SeedCursor cursor() {
        return cursor;
    }

    /** The next chunk; empty when all disks were walked. */
    Optional<Piece> next() throws IOException {
        while (cursor.disk() < disks.size()) {
            Disk disk = disks.get(cursor.disk());
            if (cursor.offset() >= disk.size().bytes()) {
                cursor = new SeedCursor(cursor.disk() + 1, 0, cursor.contentBytes());
                continue;
            }
            Optional<Piece> chunk = step(disk);
            if (chunk.isPresent()) {
                return chunk;
            }
        }
        return Optional.empty();
    }

    /** Goes one run or one chunk further. */
    private Optional<Piece> step(Disk disk) throws IOException {
        long at = cursor.offset();
        DiskExtent run = runAt(disk, at);
        if (run.content() != Content.DATA) {
            advance(run.length(), 0);
            return Optional.empty();
        }
        int length = (int) Math.min(run.length(), CHUNK_BYTES - at % CHUNK_BYTES);
        disk.read(at, buffer.clear().limit(length));
        buffer.flip();
        boolean zero = ZeroBytes.only(buffer);
        int number = cursor.disk();
        advance(length, zero ? 0 : length);
        return zero ? Optional.empty() : Optional.of(new Piece(number, at, buffer));
    }

    private void advance(long bytes, long content) {
        cursor = new SeedCursor(cursor.disk(), cursor.offset() + bytes, cursor.contentBytes() + content);
    }

    private static DiskExtent runAt(Disk disk, long at) throws IOException {
        long length = Math.min(LOOK_AHEAD_BYTES, disk.size().bytes() - at);
        return disk.extents(at, length, LOOK_AHEAD_RUNS).getFirst();
    }

    /** Bytes of content on all disks now, as far as allocated space tells. */
    static long contentBytes(GroupStore store) throws IOException {
        long total = 0;
        for (DiskSpec spec : store.disks()) {
            Disk disk = store.disk(spec.name());
            for (long at = 0; at < disk.size().bytes(); ) {
                DiskExtent run = runAt(disk, at);
                total += run.content() == Content.DATA ? run.length() : 0;
                at += run.length();
            }
        }
        return total;
    }
}
