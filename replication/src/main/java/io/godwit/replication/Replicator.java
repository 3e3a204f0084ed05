package io.godwit.replication;

import io.godwit.core.Channel;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The source's side of a group's replication: ships the log to one replica over whatever channel it is given, and is
 * the rule by which guests' flushes wait. It does not own the store. Thread-safe.
 */
public final class Replicator implements DurabilityRule, AutoCloseable {
    /** The name under which the store keeps the log for the replica. */
    static final String FOLLOWER = "replica";

    private final GroupName group;
    private final GroupStore store;
    private final ReplicationLimits limits;
    private final RemoteCopy remote;
    private final ModeSwitch modeSwitch;
    private final Gauges gauges = Gauges.zero();
    private final ReentrantLock session = new ReentrantLock();
    private volatile @Nullable Channel channel;
    private volatile boolean closed;

    public Replicator(GroupName group, GroupStore store, ReplicationLimits limits) {
        this.group = group;
        this.store = store;
        this.limits = limits;
        this.remote = new RemoteCopy(store, limits);
        this.modeSwitch = new ModeSwitch(store, remote);
    }

    /**
     * Ships over this channel until it ends; goes on where the replica's log ends, or copies the disks first. One
     * channel at a time; the channel is closed when this returns.
     *
     * @throws IOException when the channel ended or the other side fell silent
     * @throws GodwitException when either side refuses to go on: the sentence says why
     */
    public void run(Channel over) throws IOException, InterruptedException {
        session.lockInterruptibly();
        try (over) {
            channel = over;
            if (closed) {
                return;
            }
            new SourceSession(group, store, limits, remote, gauges, over).run();
        } catch (IOException | GodwitException ended) {
            remote.disconnected(closed ? Optional.empty() : Optional.of(String.valueOf(ended.getMessage())));
            if (!closed) {
                throw ended;
            }
        } finally {
            remote.disconnected(remote.trouble());
            channel = null;
            session.unlock();
        }
    }

    @Override
    public void admit(long bytes) throws InterruptedException {
        remote.admit();
    }

    @Override
    public void awaitSafe(Position position) throws InterruptedException {
        store.awaitDurable(position);
        remote.awaitSafe(position);
    }

    public Mode mode() {
        return remote.mode();
    }

    /**
     * Changes who waits. To SYNC: what is pending is drained first, and only then do flushes wait for the replica; if
     * that can't be done within the time, the mode is ASYNC afterwards. To ASYNC: at once, and whoever waits for the
     * replica is released.
     */
    public ModeChange switchTo(Mode mode, Duration atMost) throws InterruptedException {
        return switch (mode) {
            case ASYNC -> modeSwitch.toAsync();
            case SYNC -> modeSwitch.toSync(atMost);
        };
    }

    /** Waits until a complete replica has everything before the position on stable storage; returns whether it has. */
    public boolean awaitRemoteDurable(Position position, Duration atMost) throws InterruptedException {
        return remote.awaitDurable(position, atMost);
    }

    /** Waits until the replica holds a complete copy; returns whether it does. */
    public boolean awaitSeeded(Duration atMost) throws InterruptedException {
        return remote.awaitComplete(atMost);
    }

    public ReplicationStatus status() {
        return new ReplicationStatus(
                remote.isConnected(),
                remote.isSeeding(),
                remote.complete(),
                gauges.seed().doneBytes(),
                gauges.seed().totalBytes(),
                remote.lagBytes(),
                remote.lagTime().toMillis(),
                remote.durable(),
                gauges.traffic().sum(),
                remote.mode(),
                gauges.roundTrips().shortest(),
                remote.trouble());
    }

    /** Ends the session, if there is one, and waits for it. A flush that still waits for the replica is interrupted. */
    @Override
    public void close() {
        closed = true;
        remote.close();
        Channel open = channel;
        if (open != null) {
            try {
                open.close();
            } catch (IOException alreadyGone) {
                // Closed is closed.
            }
        }
        session.lock();
        try {
            remote.disconnected(Optional.empty());
        } finally {
            session.unlock();
        }
    }
}
