package io.godwit.site.history;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.GroupStore;
import io.godwit.volume.HistoryWindow;
import io.godwit.volume.Role;
import io.godwit.volume.StoreLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** A store with one small disk that keeps its past, and who writes the time into its log. */
final class PastFixture implements AutoCloseable {
    static final DiskName ROOT = new DiskName("root");
    static final ByteCount SIZE = ByteCount.ofMiB(8);
    static final HistoryWindow WINDOW = new HistoryWindow(ByteCount.ofMiB(32), Duration.ofHours(1));
    static final StoreLimits LIMITS = new StoreLimits(
            ByteCount.ofMiB(64), ByteCount.ofMiB(4), ByteCount.ofMiB(4), Duration.ofMillis(20), Duration.ofSeconds(20));

    final HandClock clock = new HandClock();
    private final Path directory;
    GroupStore store;
    Chronicle chronicle;

    PastFixture(Path parent) throws IOException {
        directory = Files.createDirectories(parent.resolve("store"));
        DiskSpec disk = new DiskSpec(ROOT, SIZE, parent.resolve("root.raw"));
        GroupStore.create(directory, List.of(disk), Role.PRIMARY, Term.FIRST, Position.START, LIMITS)
                .close();
        store = GroupStore.open(directory, LIMITS, WINDOW);
        chronicle = new Chronicle(store, clock);
        chronicle.speak();
    }

    /** Stops and starts, as a daemon does. */
    void restart() throws IOException {
        close();
        store = GroupStore.open(directory, LIMITS, WINDOW);
        chronicle = new Chronicle(store, clock);
        chronicle.speak();
    }

    /** Fills the disk's first bytes, then says what time it is; returns where the disk is so. */
    Position write(int value) throws IOException, InterruptedException {
        byte[] content = new byte[100_000];
        Arrays.fill(content, (byte) value);
        Position end = store.disk(ROOT).write(0, ByteBuffer.wrap(content));
        store.awaitDurable(end);
        return end;
    }

    /** Lets a second pass. */
    void second() throws IOException, InterruptedException {
        clock.goOn(Duration.ofSeconds(1));
        chronicle.tick();
        store.awaitDurable(store.head());
    }

    int first() throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        store.disk(ROOT).read(50_000, one);
        return one.get(0);
    }

    @Override
    public void close() throws IOException {
        chronicle.close();
        store.close();
    }
}
