package io.godwit.volume;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Stores for tests: small, quick to apply, with one disk or two. */
public final class StoreFixture {
    public static final DiskName ROOT = new DiskName("root");
    public static final DiskName DATA = new DiskName("data");
    public static final ByteCount DISK_SIZE = ByteCount.ofMiB(16);
    public static final StoreLimits LIMITS = new StoreLimits(
            ByteCount.ofMiB(32), ByteCount.ofMiB(4), ByteCount.ofMiB(4), Duration.ofMillis(20), Duration.ofSeconds(20));

    private StoreFixture() {}

    public static List<DiskSpec> specs(Path directory) {
        return List.of(
                new DiskSpec(ROOT, DISK_SIZE, directory.resolve("root.img")),
                new DiskSpec(DATA, DISK_SIZE, directory.resolve("data.img")));
    }

    public static GroupStore primary(Path directory) throws IOException {
        java.nio.file.Files.createDirectories(directory);
        return GroupStore.create(directory, specs(directory), Role.PRIMARY, Term.FIRST, Position.START, LIMITS);
    }

    public static GroupStore replica(Path directory) throws IOException {
        java.nio.file.Files.createDirectories(directory);
        return GroupStore.create(directory, specs(directory), Role.REPLICA, Term.FIRST, Position.START, LIMITS);
    }

    public static ByteBuffer random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    public static byte[] read(Disk disk, long offset, int length) throws IOException {
        byte[] bytes = new byte[length];
        disk.read(offset, ByteBuffer.wrap(bytes));
        return bytes;
    }

    /** Copies all that is durable at {@code from} and missing at {@code to}. */
    public static void ship(GroupStore from, GroupStore to) throws IOException, InterruptedException {
        from.awaitDurable(from.head());
        LogReader reader = from.log().read(to.head());
        ByteBuffer buffer = ByteBuffer.allocateDirect(2 * LogRecord.MAX_BYTES);
        while (reader.read(buffer.clear()) > 0) {
            to.append(buffer.flip());
        }
    }
}
