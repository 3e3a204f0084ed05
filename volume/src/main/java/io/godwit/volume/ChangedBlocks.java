package io.godwit.volume;

import java.util.List;
import java.util.stream.Stream;

/** Blocks of a group's disks that changed, or may have: a set that only grows. Thread-safe. */
public final class ChangedBlocks {
    /** A group of larger disks is tracked in larger blocks, so that the sets have at most so many bits: 4 MiB. */
    private static final long MAX_BLOCKS = 32 << 20;

    private static final int MIN_BLOCK_BYTES = 64 << 10;

    private final List<DiskSpec> disks;
    private final List<BlockMap> maps;

    ChangedBlocks(List<DiskSpec> disks, List<BlockMap> maps) {
        this.disks = List.copyOf(disks);
        this.maps = List.copyOf(maps);
    }

    /** None of the blocks of those disks. */
    public static ChangedBlocks none(List<DiskSpec> disks) {
        int blockBytes = blockBytes(disks);
        return new ChangedBlocks(
                disks,
                Stream.generate(() -> new BlockMap(blockBytes))
                        .limit(disks.size())
                        .toList());
    }

    static int blockBytes(List<DiskSpec> disks) {
        long total = disks.stream().mapToLong(disk -> disk.size().bytes()).sum();
        int bytes = MIN_BLOCK_BYTES;
        while (total / bytes > MAX_BLOCKS) {
            bytes *= 2;
        }
        return bytes;
    }

    void add(LogRecord record) {
        if (record.kind().changesDisk()) {
            record.checkFits(disks);
            add(record.disk(), record.offset(), record.length());
        }
    }

    /** Adds all blocks that a range touches. */
    public void add(int disk, long offset, long length) {
        maps.get(disk).add(offset, length);
    }

    public void addAll(ChangedBlocks other) {
        for (int disk = 0; disk < maps.size(); disk++) {
            maps.get(disk).addAll(other.maps.get(disk), size(disk));
        }
    }

    /** Where the next changed block at or behind {@code from} begins, or {@code from} itself within one; the disk's size if there is none. */
    public long next(int disk, long from) {
        return maps.get(disk).next(from, size(disk));
    }

    /** Where the run of changed blocks that {@code from} lies in ends. */
    public long endOfRun(int disk, long from) {
        return maps.get(disk).nextAbsent(from, size(disk));
    }

    public int disks() {
        return disks.size();
    }

    private long size(int disk) {
        return disks.get(disk).size().bytes();
    }

    /** Bytes of the disks in the set. */
    public long bytes() {
        long total = 0;
        for (int disk = 0; disk < maps.size(); disk++) {
            total += maps.get(disk).bytes(size(disk));
        }
        return total;
    }

    BlockMap map(int disk) {
        return maps.get(disk);
    }
}
