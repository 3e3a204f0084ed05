package io.godwit.bench;

import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.replication.Mode;
import io.godwit.replication.Replica;
import io.godwit.replication.ReplicationLimits;
import io.godwit.replication.ReplicationPolicy;
import io.godwit.replication.Replicator;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;
import io.godwit.volume.HistoryWindow;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A store's replica in the same machine, on the same processors and the same disk, as if the other site were here: it is
 * seeded, then follows the store asynchronously until it is closed. It doesn't own the store.
 */
public final class Follower implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Follower.class.getName());
    private static final GroupName GROUP = new GroupName("bench");
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final GroupStore source;
    private final Replicator replicator;
    private final Replica replica;

    private Follower(GroupStore source, Replicator replicator, Replica replica) {
        this.source = source;
        this.replicator = replicator;
        this.replica = replica;
    }

    /** Begins to copy the source's disks to {@code directory}, which is an empty one. */
    public static Follower start(GroupStore source, Path directory) throws IOException {
        return start(source, directory, Loopback.pair());
    }

    /** Like the other, over a connection that was made already: the source's end, then the replica's. */
    public static Follower start(GroupStore source, Path directory, List<Loopback> ends) throws IOException {
        return start(source, directory, ends, Set.of());
    }

    /** Like the others, with some disks of class async. */
    public static Follower start(GroupStore source, Path directory, List<Loopback> ends, Set<DiskName> async)
            throws IOException {
        List<DiskSpec> disks = source.disks().stream()
                .map(disk -> new DiskSpec(disk.name(), disk.size(), directory.resolve(disk.name() + ".raw")))
                .toList();
        ReplicationLimits limits = ReplicationLimits.DEFAULT;
        Replicator replicator = new Replicator(GROUP, source, ReplicationPolicy.DEFAULT, limits, async);
        Replica replica = new Replica(GROUP, directory.resolve("store"), disks, limits, HistoryWindow.NONE);
        begin("ship", () -> replicator.run(ends.getFirst()));
        begin("follow", () -> replica.run(ends.getLast()));
        return new Follower(source, replicator, replica);
    }

    private interface Session {
        void run() throws IOException, InterruptedException;
    }

    /** As in a site: each end on a platform thread, since both call the kernel for most of the time. */
    private static void begin(String name, Session session) {
        Thread.ofPlatform().daemon().name(name).start(() -> {
            try {
                session.run();
            } catch (IOException | InterruptedException | GodwitException ended) {
                LOG.log(System.Logger.Level.DEBUG, "replication has ended: {0}", ended.getMessage());
            }
        });
    }

    /** What flushes wait for. */
    public DurabilityRule rule() {
        return replicator;
    }

    /** What flushes of that disk wait for. */
    public DurabilityRule rule(DiskName disk) {
        return replicator.rule(disk);
    }

    /** Lets those wait for it whom the mode asks to. */
    public void become(Mode mode) throws InterruptedException {
        require(replicator
                .become(ReplicationPolicy.DEFAULT.with(mode), PATIENCE, forecast -> {})
                .done());
    }

    public void awaitSeeded() throws InterruptedException {
        require(replicator.awaitSeeded(PATIENCE));
    }

    /** Waits until the replica has all that the source has, in its image too. */
    public void settle() throws InterruptedException {
        require(replicator.awaitRemoteDurable(source.head(), PATIENCE));
        GroupStore store = replica.store().orElseThrow();
        store.holdAt(store.head()).close();
    }

    private static void require(boolean reached) {
        if (!reached) {
            throw new GodwitException(
                    ErrorCode.FAILED, "the replica has not caught up within %s s".formatted(PATIENCE.toSeconds()));
        }
    }

    @Override
    public void close() throws IOException {
        replicator.close();
        replica.close();
        if (replica.store().isPresent()) {
            replica.store().get().close();
        }
    }
}
