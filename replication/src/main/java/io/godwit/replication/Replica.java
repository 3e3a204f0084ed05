package io.godwit.replication;

import io.godwit.core.Channel;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.GroupStore;
import io.godwit.volume.HistoryWindow;
import io.godwit.volume.SetAside;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The replica's side of a group's replication: takes what the source ships over whatever channel it is given. When it
 * is closed the store stays open, for whoever promotes it or closes it. Thread-safe.
 */
public final class Replica implements AutoCloseable {
    private static final Duration HANG_UP_AGAIN = Duration.ofMillis(50);

    private final GroupName group;
    private final ReplicationLimits limits;
    private final ReplicaCopy copy;
    private final ReentrantLock session = new ReentrantLock();
    private volatile @Nullable Channel channel;
    private volatile boolean closed;
    private volatile Optional<String> trouble = Optional.empty();

    /**
     * Opens the replica in a directory, or prepares for one to be seeded there.
     *
     * @param directory of the store; whether the replica is complete is kept beside it, in a file with its name and {@code .seeding}
     * @param disks where the images are, or are to be; their content is overwritten when seeding begins
     * @param history how much of the past is kept once the replica is complete
     * @throws GodwitException if there is a store that may neither be used nor be replaced
     */
    public Replica(
            GroupName group, Path directory, List<DiskSpec> disks, ReplicationLimits limits, HistoryWindow history) {
        this.group = group;
        this.limits = limits;
        this.copy = ReplicaCopy.open(directory, disks, limits.store(), history);
    }

    /** Goes on with the store of a site that was the primary: it has been fenced, and another site has a newer term. */
    public Replica(GroupName group, GroupStore store, ReplicationLimits limits, HistoryWindow history) {
        this.group = group;
        this.limits = limits;
        this.copy = ReplicaCopy.of(store, limits.store(), history);
    }

    /** Keeps so much of the past from now on. */
    public void keepHistory(HistoryWindow window) {
        copy.stores().keepHistory(window);
    }

    /** What was set aside of a store: writes that this site accepted and that are no part of the group's history. */
    public static SetAside setAside(Path store) {
        return new SetAside(store.resolveSibling(store.getFileName() + ".aside"));
    }

    /**
     * Follows a source over this channel until it ends. A newer channel takes the place of an older one, which may be
     * dead without knowing it. The channel is closed when this returns.
     *
     * @throws IOException when the channel ended or the source fell silent
     * @throws GodwitException when either side refuses to go on: the sentence says why
     */
    public void run(Channel over) throws IOException, InterruptedException {
        closeQuietly(channel);
        session.lockInterruptibly();
        try (over) {
            channel = over;
            requireOpen();
            trouble = Optional.empty();
            new ReplicaSession(group, copy, limits, over).run();
        } catch (IOException | GodwitException ended) {
            if (!closed) {
                trouble = Optional.of(String.valueOf(ended.getMessage()));
                throw ended;
            }
        } finally {
            channel = null;
            session.unlock();
        }
    }

    /**
     * Makes sure that images that were carried here may take the place of the replica's.
     *
     * @throws GodwitException CONFLICT if it is complete
     */
    public void requireReplaceable() {
        copy.requireReplaceable();
    }

    /**
     * Puts images that were carried here in the place of those of a replica that is not complete. The session, if there is one, is
     * ended; in the next one the source sends what differs from its own.
     *
     * @throws GodwitException CONFLICT if the replica is complete by now
     */
    public void replaceImages(CopyImport images) throws InterruptedException {
        requireReplaceable();
        while (!session.tryLock(HANG_UP_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
            closeQuietly(channel);
        }
        try {
            requireOpen();
            copy.replaceImages(images);
        } finally {
            session.unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new GodwitException(ErrorCode.CONFLICT, "this site no longer follows group " + group);
        }
    }

    /**
     * The store, once seeding has begun. Another one takes its place after the replica had to be copied or repaired; while it is
     * being repaired this is the old one, as it was.
     */
    public Optional<GroupStore> store() {
        return copy.stores().store();
    }

    public ReplicaStatus status() {
        Optional<GroupStore> store = copy.stores().store();
        return new ReplicaStatus(
                channel != null,
                copy.stores().complete(),
                copy.stores().repairing(),
                store.map(GroupStore::durable).orElse(Position.START),
                store.map(GroupStore::term),
                trouble);
    }

    /** Ends the session, if there is one, and waits for it: nothing is written to the store afterwards. */
    @Override
    public void close() {
        closed = true;
        closeQuietly(channel);
        session.lock();
        try {
            trouble = Optional.empty();
            copy.stores().release();
        } finally {
            session.unlock();
        }
    }

    /**
     * Ends following for good, since this site is going to be the primary. A newer copy that had been begun beside is given up.
     *
     * @return the store, open, for whoever promotes it
     * @throws GodwitException CONFLICT if it is not a complete copy
     */
    public GroupStore surrender() {
        close();
        if (!copy.stores().complete()) {
            throw new GodwitException(ErrorCode.CONFLICT, "the replica of group %s is not complete".formatted(group));
        }
        copy.stores().forgetNext();
        return copy.stores().requireStore();
    }

    private static void closeQuietly(@Nullable Channel open) {
        if (open != null) {
            try {
                open.close();
            } catch (IOException alreadyGone) {
                // Closed is closed.
            }
        }
    }
}
