package io.godwit.bench.scale;

import io.godwit.bench.Follower;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.ApplyHold;
import io.godwit.volume.Disk;
import io.godwit.volume.DiskExtent;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.GroupStore;
import io.godwit.volume.Role;
import io.godwit.volume.StoreLimits;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * A store with one sparse disk of some size, whose content is the same for every size: so many pieces, spread evenly. Each
 * measurement gives one figure, in the unit of its {@link ScaleCase}.
 */
final class ScaledStore implements AutoCloseable {
    private static final DiskName DISK = new DiskName("disk");
    private static final int PIECES = 256;
    private static final int PIECE_BYTES = 256 << 10;
    private static final int BLOCK_BYTES = 4096;
    private static final int OPERATIONS = 10_000;
    private static final int EXTENTS_AT_ONCE = 4096;
    private static final int INDEXED_BLOCKS = 16_384;
    private static final double BYTES_OF_MB = 1_000_000;

    private final Path directory;
    private final ByteCount size;
    private final Random random = new Random(2007);
    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
    private GroupStore store;
    private int replicas;

    private ScaledStore(Path directory, ByteCount size, GroupStore store) {
        this.directory = directory;
        this.size = size;
        this.store = store;
    }

    static ScaledStore create(Path directory, ByteCount size) throws IOException, InterruptedException {
        Files.createDirectory(directory);
        GroupStore store = GroupStore.create(
                directory.resolve("store"),
                List.of(new DiskSpec(DISK, size, directory.resolve("disk.raw"))),
                Role.PRIMARY,
                Term.FIRST,
                Position.START,
                StoreLimits.DEFAULT);
        ScaledStore scaled = new ScaledStore(directory, size, store);
        scaled.fill();
        return scaled;
    }

    private void fill() throws IOException, InterruptedException {
        byte[] content = new byte[PIECE_BYTES];
        for (int piece = 0; piece < PIECES; piece++) {
            random.nextBytes(content);
            disk().write(pieceOffset(piece), ByteBuffer.wrap(content));
        }
        settle();
    }

    /** Pieces are evenly spread. */
    private long pieceOffset(int piece) {
        return size.bytes() / PIECES * piece;
    }

    private Disk disk() {
        return store.disk(DISK);
    }

    void settle() throws InterruptedException {
        store.holdAt(store.head()).close();
    }

    double measure(ScaleCase what) throws IOException, InterruptedException {
        return switch (what) {
            case OPEN -> open();
            case EXTENTS -> extents();
            case READ -> read();
            case WRITE -> write();
            case INDEX -> index();
            case SEED -> seed();
        };
    }

    private double open() throws IOException {
        store.close();
        long began = System.nanoTime();
        store = GroupStore.open(directory.resolve("store"), StoreLimits.DEFAULT);
        return (System.nanoTime() - began) / 1e3;
    }

    private double extents() throws IOException {
        long began = System.nanoTime();
        for (long at = 0; at < size.bytes(); ) {
            DiskExtent last =
                    disk().extents(at, size.bytes() - at, EXTENTS_AT_ONCE).getLast();
            at = last.offset() + last.length();
        }
        return (System.nanoTime() - began) / 1e3;
    }

    /** Anywhere in the content. */
    private double read() throws IOException {
        long began = System.nanoTime();
        for (int i = 0; i < OPERATIONS; i++) {
            disk().read(somewhere(), block.clear());
        }
        return perSecond(began);
    }

    /** Anywhere in the content, so that the images' file systems have the same to do. */
    private double write() throws IOException, InterruptedException {
        long began = System.nanoTime();
        for (int i = 0; i < OPERATIONS; i++) {
            disk().write(somewhere(), block.clear());
        }
        double figure = perSecond(began);
        settle();
        return figure;
    }

    private long somewhere() {
        int block = random.nextInt(PIECE_BYTES / BLOCK_BYTES);
        return pieceOffset(random.nextInt(PIECES)) + (long) block * BLOCK_BYTES;
    }

    private static double perSecond(long began) {
        return OPERATIONS / ((System.nanoTime() - began) / 1e9);
    }

    /** Nothing is applied meanwhile, so that the index holds every block. */
    private double index() throws IOException, InterruptedException {
        try (ApplyHold hold = store.stopAt(store.head())) {
            hold.awaitReached();
            long before = heapBytes();
            for (int i = 0; i < INDEXED_BLOCKS; i++) {
                long at = Math.floorMod(i * 7919L, INDEXED_BLOCKS) * (size.bytes() / INDEXED_BLOCKS);
                disk().write(at / BLOCK_BYTES * BLOCK_BYTES, block.clear());
            }
            double bytesOfOne = (double) (heapBytes() - before) / INDEXED_BLOCKS;
            return bytesOfOne * ((1 << 30) / BLOCK_BYTES) / BYTES_OF_MB;
        } finally {
            settle();
        }
    }

    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private double seed() throws IOException, InterruptedException {
        Path replica = Files.createDirectory(directory.resolve("replica" + replicas++));
        long began = System.nanoTime();
        try (Follower follower = Follower.start(store, replica)) {
            follower.awaitSeeded();
            return (System.nanoTime() - began) / 1e6;
        }
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
