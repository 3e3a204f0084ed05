package io.godwit.bench.replication;

import io.godwit.bench.Follower;
import io.godwit.bench.Loopback;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.replication.Mode;
import io.godwit.volume.Disk;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;
import io.godwit.volume.Role;
import io.godwit.volume.StoreLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * A group in mode sync with a database's disk, which writes and flushes, and a disk that another guest writes to as fast as it is let: what a
 * flush of the former takes, with the latter of class async or of the same class. The guests are threads here; no NBD server lies between.
 */
final class FlushBesideBulk {
    static final String NAME = "sync-flush-beside-bulk";
    static final String PEER = "one class";
    private static final DiskName DATABASE = new DiskName("database");
    private static final DiskName MEDIA = new DiskName("media");
    private static final int FLUSHES = 5;
    private static final int BLOCK = 4096;
    private static final int BULK_BYTES = 64 << 10;
    /** So much of the bulk waits to be shipped before the first flush. */
    private static final ByteCount BACKLOG = ByteCount.ofMiB(16);

    private static final long ROOM_BYTES = ReplicationBench.DISK.bytes();
    private static final double NANOS_OF_MILLI = 1e6;

    private final Path directory;
    private final LinkShape shape;
    private final Set<DiskName> async;

    /** @param directory an empty one */
    FlushBesideBulk(Path directory, LinkShape shape, boolean classes) {
        this.directory = directory;
        this.shape = shape;
        this.async = classes ? Set.of(MEDIA) : Set.of();
    }

    /** Milliseconds that a flush takes, on average. */
    double measure() throws IOException, InterruptedException {
        List<DiskSpec> disks = List.of(
                new DiskSpec(DATABASE, ReplicationBench.DISK, directory.resolve("database.raw")),
                new DiskSpec(MEDIA, ReplicationBench.DISK, directory.resolve("media.raw")));
        try (GroupStore store = GroupStore.create(
                        directory.resolve("store"),
                        disks,
                        Role.PRIMARY,
                        Term.FIRST,
                        Position.START,
                        StoreLimits.DEFAULT);
                ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Link link = Link.to(listener.getLocalPort(), shape)) {
            Socket near = new Socket(InetAddress.getLoopbackAddress(), link.port());
            List<Loopback> ends = List.of(new Loopback(near), new Loopback(listener.accept()));
            try (Follower follower =
                    Follower.start(store, Files.createDirectory(directory.resolve("there")), ends, async)) {
                follower.awaitSeeded();
                follower.become(Mode.SYNC);
                return flushes(store, follower);
            }
        }
    }

    private static double flushes(GroupStore store, Follower follower) throws IOException, InterruptedException {
        CountDownLatch backlog = new CountDownLatch(1);
        Thread bulk = Thread.ofPlatform().daemon().name("bulk").start(() -> bulk(store, follower.rule(MEDIA), backlog));
        backlog.await();
        Disk disk = store.disk(DATABASE);
        DurabilityRule rule = follower.rule(DATABASE);
        Random random = new Random(1);
        long begin = System.nanoTime();
        for (int flush = 0; flush < FLUSHES; flush++) {
            rule.admit(BLOCK);
            rule.awaitSafe(disk.write(offset(random, BLOCK), content(random, BLOCK)));
        }
        double millis = (System.nanoTime() - begin) / NANOS_OF_MILLI / FLUSHES;
        bulk.interrupt();
        bulk.join();
        return millis;
    }

    /** Writes until it is interrupted; never flushes. */
    private static void bulk(GroupStore store, DurabilityRule rule, CountDownLatch backlog) {
        Random random = new Random(2);
        long written = 0;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                rule.admit(BULK_BYTES);
                store.disk(MEDIA).write(offset(random, BULK_BYTES), content(random, BULK_BYTES));
                written += BULK_BYTES;
                if (written >= BACKLOG.bytes()) {
                    backlog.countDown();
                }
            }
        } catch (InterruptedException | IOException ended) {
            backlog.countDown();
        }
    }

    private static long offset(Random random, int bytes) {
        return (long) bytes * random.nextInt((int) (ROOM_BYTES / bytes));
    }

    /** Nothing compresses it. */
    private static ByteBuffer content(Random random, int bytes) {
        byte[] content = new byte[bytes];
        random.nextBytes(content);
        return ByteBuffer.wrap(content);
    }
}
