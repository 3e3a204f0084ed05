package io.godwit.replication;

import io.godwit.volume.ChangedBlocks;
import io.godwit.volume.Disk;
import io.godwit.volume.DiskExtent;
import io.godwit.volume.DiskExtent.Content;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Goes over the disks, or over those parts of them that may differ, in whole ranges: those to be compared, and runs of zeroes, which need no comparison. */
final class CompareWalk {
    private static final long LOOK_AHEAD_BYTES = 1L << 30;
    private static final int RANGE = BlockDigests.RANGE_BYTES;

    /** Some ranges of a disk. */
    record Stretch(DiskRun run, boolean zeroes) {}

    private final GroupStore store;
    private final List<Disk> disks;
    private final Optional<ChangedBlocks> changed;
    private SeedCursor cursor;

    /** @param changed what may differ; everything, if empty */
    CompareWalk(GroupStore store, Optional<ChangedBlocks> changed, SeedCursor from) {
        this.store = store;
        this.disks = store.disks().stream().map(DiskSpec::name).map(store::disk).toList();
        this.changed = changed;
        this.cursor = new SeedCursor(from.disk(), from.offset() - from.offset() % RANGE, from.contentBytes());
    }

    Disk disk(int number) {
        return disks.get(number);
    }

    /** Everything before it was given out, or needn't be. */
    SeedCursor cursor() {
        return cursor;
    }

    /** Bytes of the disks that are to be compared, as far as can be told beforehand. */
    long totalBytes() throws IOException {
        return changed.isPresent() ? changed.get().bytes() : SeedSource.contentBytes(store);
    }

    /** Empty when all disks were walked. */
    Optional<Stretch> next() throws IOException {
        while (cursor.disk() < disks.size()) {
            Disk disk = disks.get(cursor.disk());
            long size = disk.size().bytes();
            long at = changed.isPresent() ? changed.get().next(cursor.disk(), cursor.offset()) : cursor.offset();
            if (at >= size) {
                cursor = new SeedCursor(cursor.disk() + 1, 0, cursor.contentBytes());
                continue;
            }
            long begin = Math.max(cursor.offset(), at - at % RANGE);
            long end = changed.isPresent() ? roundUp(changed.get().endOfRun(cursor.disk(), at), size) : size;
            return Optional.of(stretch(disk, begin, end));
        }
        return Optional.empty();
    }

    private static long roundUp(long offset, long size) {
        return Math.min(size, (offset + RANGE - 1) / RANGE * RANGE);
    }

    private Stretch stretch(Disk disk, long begin, long end) throws IOException {
        DiskExtent run =
                disk.extents(begin, Math.min(LOOK_AHEAD_BYTES, end - begin), 2).getFirst();
        long runEnd = begin + run.length();
        long zeroes = run.content() == Content.DATA ? begin : runEnd == end ? end : runEnd - runEnd % RANGE;
        if (zeroes > begin) {
            return given(new DiskRun(cursor.disk(), begin, zeroes - begin), true);
        }
        long length = Math.min((long) SourceMessage.Digests.MAX_RANGES * RANGE, end - begin);
        return given(new DiskRun(cursor.disk(), begin, length), false);
    }

    private Stretch given(DiskRun run, boolean zeroes) {
        boolean counts = changed.isPresent() || !zeroes;
        cursor = new SeedCursor(
                run.disk(), run.offset() + run.length(), cursor.contentBytes() + (counts ? run.length() : 0));
        return new Stretch(run, zeroes);
    }
}
