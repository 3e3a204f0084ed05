package io.godwit.replication;

import io.godwit.volume.ChangedBlocks;
import io.godwit.volume.DiskSpec;
import java.util.ArrayList;
import java.util.List;

/** A run of bytes of a disk, by number. */
record DiskRun(int disk, long offset, long length) {
    /** So many a message may have. */
    static final int MAX_RUNS = 1 << 16;

    static final int BYTES = 1 + 2 * Long.BYTES;

    /** The runs of a set; where they are too many, runs near each other become one. */
    static List<DiskRun> of(ChangedBlocks changed, List<DiskSpec> disks) {
        long gap = 0;
        while (true) {
            List<DiskRun> runs = of(changed, disks, gap);
            if (runs.size() <= MAX_RUNS) {
                return runs;
            }
            gap = Math.max(1 << 16, gap * 2);
        }
    }

    private static List<DiskRun> of(ChangedBlocks changed, List<DiskSpec> disks, long gap) {
        List<DiskRun> runs = new ArrayList<>();
        for (int disk = 0; disk < disks.size(); disk++) {
            long size = disks.get(disk).size().bytes();
            for (long at = changed.next(disk, 0); at < size; ) {
                long end = changed.endOfRun(disk, at);
                long next = changed.next(disk, end);
                while (next < size && next - end <= gap) {
                    end = changed.endOfRun(disk, next);
                    next = changed.next(disk, end);
                }
                runs.add(new DiskRun(disk, at, end - at));
                at = next;
            }
        }
        return runs;
    }

    /** @throws io.godwit.core.GodwitException CORRUPT if it isn't within those disks */
    void checkFits(List<DiskSpec> disks) {
        boolean fits = disk < disks.size()
                && offset >= 0
                && length > 0
                && offset <= disks.get(disk).size().bytes() - length;
        if (!fits) {
            throw Wire.corrupt("%d bytes at %d of disk number %d".formatted(length, offset, disk));
        }
    }
}
