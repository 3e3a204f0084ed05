package io.godwit.replication;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.ApplyHold;
import io.godwit.volume.Disk;
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
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A source with a real store and a replica in two folders, and connections between them that a test makes and breaks. */
final class TwoSites {
    static final GroupName SHOP = new GroupName("shop");
    static final DiskName ROOT = new DiskName("root");
    static final DiskName DATA = new DiskName("data");
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final StoreLimits STORE = new StoreLimits(
            ByteCount.ofMiB(32), ByteCount.ofMiB(4), ByteCount.ofMiB(4), Duration.ofMillis(20), Duration.ofSeconds(2));
    static final ReplicationLimits LIMITS =
            new ReplicationLimits(Duration.ofMillis(200), Duration.ofSeconds(2), ByteCount.ofMiB(1), STORE);

    static final ReplicationPolicy POLICY = new ReplicationPolicy(
            Mode.ASYNC,
            ByteCount.ofMiB(16),
            Duration.ofSeconds(10),
            ReplicationPolicy.AtBound.SLOW,
            ReplicationPolicy.WhenCut.STALL,
            Duration.ofSeconds(5));

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Path directory;
    HistoryWindow history = HistoryWindow.NONE;
    /** How long the replica takes for each KiB that it reads from the next connection; 0 for no time. */
    int nanosPerKib;

    private final Set<DiskName> async;
    private Path sourceStore;
    private Path replicaStore;
    List<DiskSpec> replicaDisks;
    GroupStore source;
    Replicator replicator;
    Replica replica;
    private @Nullable SocketChannel here;
    private @Nullable SocketChannel there;
    private @Nullable Future<Optional<Exception>> shipping;
    private @Nullable Future<Optional<Exception>> following;

    TwoSites(Path directory, ByteCount diskSize) throws IOException {
        this(directory, diskSize, Set.of());
    }

    TwoSites(Path directory, ByteCount diskSize, Set<DiskName> async) throws IOException {
        this.async = async;
        this.directory = directory;
        Files.createDirectories(directory.resolve("east"));
        Files.createDirectories(directory.resolve("west"));
        replicaDisks = disks("west", diskSize);
        sourceStore = directory.resolve("east/store");
        replicaStore = directory.resolve("west/store");
        source = GroupStore.create(
                directory.resolve("east/store"),
                disks("east", diskSize),
                Role.PRIMARY,
                Term.FIRST,
                Position.START,
                STORE);
        replicator = new Replicator(SHOP, source, POLICY, LIMITS, async);
        replica = openReplica();
    }

    private List<DiskSpec> disks(String site, ByteCount size) {
        return List.of(
                new DiskSpec(ROOT, size, directory.resolve(site + "/root.raw")),
                new DiskSpec(DATA, size, directory.resolve(site + "/data.raw")));
    }

    Replica openReplica() {
        return new Replica(SHOP, replicaStore, replicaDisks, LIMITS, history);
    }

    /** Connects the two, each side on a thread of its own. */
    void connect() throws IOException {
        List<SocketChannel> ends = nanosPerKib > 0 ? SocketChannel.pair(nanosPerKib) : SocketChannel.pair();
        here = ends.getFirst();
        there = ends.getLast();
        Replicator from = replicator;
        Replica to = replica;
        shipping = threads.submit(() -> outcome(() -> from.run(ends.getFirst())));
        following = threads.submit(() -> outcome(() -> to.run(ends.getLast())));
    }

    /** Breaks the connection and waits until both sides have noticed. */
    void disconnect() throws Exception {
        if (here != null) {
            here.close();
        }
        if (there != null) {
            there.close();
        }
        shippingEnded();
        followingEnded();
    }

    /** Why the source's session ended. */
    Optional<Exception> shippingEnded() throws Exception {
        return shipping == null ? Optional.empty() : shipping.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Why the replica's session ended. */
    Optional<Exception> followingEnded() throws Exception {
        return following == null ? Optional.empty() : following.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private interface Session {
        void run() throws Exception;
    }

    private static Optional<Exception> outcome(Session session) {
        try {
            session.run();
            return Optional.empty();
        } catch (Exception ended) {
            return Optional.of(ended);
        }
    }

    /** Stops the replica and opens it again, as after a restart of its daemon. */
    void restartReplica() throws Exception {
        disconnect();
        replica.close();
        if (replica.store().isPresent()) {
            replica.store().get().close();
        }
        replica = openReplica();
    }

    /**
     * The site that was the replica goes on as the source, and the one that was the source comes back as its replica, with
     * whatever it has taken meanwhile.
     */
    void exchange() throws Exception {
        disconnect();
        replicator.close();
        replica.close();
        GroupStore old = source;
        source = replica.store().orElseThrow();
        sourceStore = source.directory();
        replicaStore = old.directory();
        replicaDisks = old.disks();
        replicator = new Replicator(SHOP, source, POLICY, LIMITS, async);
        replica = new Replica(SHOP, old, LIMITS, history);
    }

    /** Stops the source and opens it again, as after a restart of its daemon. */
    void restartSource() throws Exception {
        disconnect();
        replicator.close();
        source.close();
        source = GroupStore.open(sourceStore, STORE);
        replicator = new Replicator(SHOP, source, POLICY, LIMITS, async);
    }

    /** Changes the mode and nothing else of the policy. */
    ModeChange become(Mode mode, Duration atMost) throws InterruptedException {
        return replicator.become(replicator.policy().with(mode), atMost, forecast -> {});
    }

    Mode mode() {
        return replicator.policy().mode();
    }

    <T> Future<T> start(java.util.concurrent.Callable<T> work) {
        return threads.submit(work);
    }

    boolean seeded() throws InterruptedException {
        return replicator.awaitSeeded(PATIENCE);
    }

    /** Waits until the replica has all that the source has. */
    boolean caughtUp() throws InterruptedException {
        return replicator.awaitRemoteDurable(source.head(), PATIENCE);
    }

    /** A digest of every disk at the source's head, at one site. */
    static String digests(GroupStore store, Position at) throws Exception {
        StringBuilder all = new StringBuilder();
        try (ApplyHold hold = store.holdAt(at)) {
            for (DiskSpec disk : store.disks()) {
                all.append(HexFormat.of().formatHex(hold.digest(disk.name()))).append(' ');
            }
        }
        return all.toString();
    }

    static Position write(GroupStore store, DiskName disk, long offset, int length, Random random) throws IOException {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return store.disk(disk).write(offset, ByteBuffer.wrap(bytes));
    }

    /** One change of a random kind at a random place. */
    static Position change(GroupStore store, Random random) throws IOException {
        Disk disk = store.disk(random.nextBoolean() ? ROOT : DATA);
        int length = 512 * (1 + random.nextInt(128));
        long offset = 512L * random.nextInt((int) ((disk.size().bytes() - length) / 512));
        return switch (random.nextInt(8)) {
            case 0 -> disk.zero(offset, length);
            case 1 -> disk.trim(offset, length);
            default -> write(store, disk.name(), offset, length, random);
        };
    }

    static boolean isRefusal(Optional<Exception> ended, String sentence) {
        return ended.orElse(null) instanceof GodwitException refusal
                && refusal.sentence().contains(sentence);
    }

    void close() throws Exception {
        disconnect();
        replicator.close();
        replica.close();
        source.close();
        if (replica.store().isPresent()) {
            replica.store().get().close();
        }
        threads.shutdownNow();
        threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
