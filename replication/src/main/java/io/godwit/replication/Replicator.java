package io.godwit.replication;

import io.godwit.core.ByteCount;
import io.godwit.core.Channel;
import io.godwit.core.DiskName;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.replication.ModeChange.Forecast;
import io.godwit.volume.DiskLane;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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
    private final Optional<DiskLane> lane;
    private final Set<DiskName> async;
    private final RemoteCopy remote;
    private final ModeControl control;
    private final ModeWatch watch;
    private final Gauges gauges = Gauges.zero();
    private final ReentrantLock session = new ReentrantLock();
    private volatile @Nullable Channel channel;
    private volatile boolean closed;

    /** @param policy whose promise holds from the first request on */
    public Replicator(GroupName group, GroupStore store, ReplicationPolicy policy, ReplicationLimits limits) {
        this(group, store, policy, limits, Set.of());
    }

    /** @param async disks whose flushes wait for the local log alone, whatever the policy, and for which no flush of another disk waits */
    public Replicator(
            GroupName group,
            GroupStore store,
            ReplicationPolicy policy,
            ReplicationLimits limits,
            Set<DiskName> async) {
        this.group = group;
        this.store = store;
        this.limits = limits;
        this.async = Set.copyOf(async);
        this.lane = lane(store, async);
        this.remote = new RemoteCopy(store, lane);
        this.control = new ModeControl(store, remote, this::forecast);
        control.begin(policy);
        this.watch = new ModeWatch(group, store, remote, control, gauges);
    }

    /** Where all disks are of one class, they wait for the log as a whole. */
    private static Optional<DiskLane> lane(GroupStore store, Set<DiskName> async) {
        Set<DiskName> others = store.disks().stream()
                .map(DiskSpec::name)
                .filter(name -> !async.contains(name))
                .collect(Collectors.toSet());
        return async.isEmpty() ? Optional.empty() : Optional.of(store.lane(others));
    }

    /** The rule for a disk's clients. */
    public DurabilityRule rule(DiskName disk) {
        if (async.contains(disk)) {
            return new DiskRules.OfAsync(store, remote, watch);
        }
        return lane.<DurabilityRule>map(disks -> new DiskRules.OfSync(store, remote, watch, disks))
                .orElse(this);
    }

    /** What it would take now to make everything that was written so far safe at the replica. */
    public Forecast forecast() {
        return forecast(remote.lagBytes());
    }

    private Forecast forecast(ByteCount pending) {
        return Forecast.of(
                pending,
                gauges.delivery().perSecond(),
                watch.writeRate(),
                gauges.roundTrips().shortest());
    }

    /**
     * From now on nobody waits for a replica that is out of reach, whatever the policy says then, until another policy is put in
     * force by {@link #become}.
     */
    public void standAlone() {
        control.begin(remote.policy().degrading());
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
            new SourceSession(group, store, limits, remote, lane, gauges, over).run();
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
        watch.pace(bytes);
        remote.admit();
    }

    @Override
    public boolean everyWrite() {
        return remote.waiting() == Waiting.WRITES;
    }

    @Override
    public void awaitSafe(Position position) throws InterruptedException {
        store.awaitDurable(position);
        remote.awaitSafe(position);
    }

    public ReplicationPolicy policy() {
        return remote.policy();
    }

    /**
     * Changes who waits, under load and without a pause. Towards less waiting: at once. Towards more: what is pending is
     * drained first; if that can't be done within the time everything stays as it was. A policy that degrades is taken also
     * while there is no replica to be reached, and another one is refused then.
     *
     * @param begun is told what the drain is expected to take, before it begins
     */
    public ModeChange become(ReplicationPolicy next, Duration atMost, Consumer<Forecast> begun)
            throws InterruptedException {
        return become(nextTurn(), next, atMost, begun);
    }

    /** Like the other; given up as soon as a later turn has been given away. */
    public ModeChange become(int turn, ReplicationPolicy next, Duration atMost, Consumer<Forecast> begun)
            throws InterruptedException {
        ModeChange change = control.become(turn, next, atMost, begun);
        watch.changed(change);
        return change;
    }

    /** A turn for {@link #become}: of several changes the one with the latest turn is in force in the end. */
    public int nextTurn() {
        return control.nextTurn();
    }

    public boolean isLatest(int turn) {
        return control.isLatest(turn);
    }

    /** Holds the group at least synchronous, whatever its policy, until {@link #release}; drains like {@link #become}. */
    public ModeChange hold(Duration atMost) throws InterruptedException {
        return control.hold(atMost);
    }

    /** Lets the policy have its way again, at once. */
    public void release() {
        control.release();
    }

    /** Waits until a complete replica has everything before the position on stable storage; returns whether it has. */
    public boolean awaitRemoteDurable(Position position, Duration atMost) throws InterruptedException {
        return remote.awaitDurable(position, atMost);
    }

    /**
     * Whether a complete replica has everything before the position on stable storage that its mode can make anybody wait for: where there are
     * async disks, what the others wrote.
     */
    public boolean covers(Position position) {
        return remote.complete()
                && lane.map(disks -> remote.laneSafe().reaches(earlier(position, disks.head())))
                        .orElseGet(() -> remote.durable().reaches(position));
    }

    private static Position earlier(Position one, Position other) {
        return one.reaches(other) ? other : one;
    }

    /** Whether whoever asks for it waits for the replica now, because the policy promises it and the replica follows. */
    public boolean keepsPromise() {
        return remote.policy().waitsForReplica() && remote.waiting() != Waiting.NOTHING && remote.usable();
    }

    /** Waits until the replica holds a complete copy; returns whether it does. */
    public boolean awaitSeeded(Duration atMost) throws InterruptedException {
        return remote.awaitComplete(atMost);
    }

    /**
     * Lets copies of the disks send at most so much a second from now on; a copy under way as well.
     *
     * @param bytesPerSecond empty for as much as the link carries
     * @param paused no disks are copied; the log of a complete replica goes on
     */
    public void paceSeeding(OptionalLong bytesPerSecond, boolean paused) {
        gauges.pace().become(bytesPerSecond.orElse(SeedPace.UNLIMITED), paused);
    }

    public ReplicationStatus status() {
        return new ReplicationStatus(
                remote.isConnected(),
                remote.isSeeding(),
                remote.complete(),
                gauges.seed().status(gauges.pace()),
                remote.lagBytes(),
                remote.lagTime().toMillis(),
                remote.durable(),
                lane.map(disks -> new ReplicationStatus.SyncDisks(remote.laneSafe(), remote.laneLagBytes())),
                gauges.traffic().sum(),
                gauges.leftOut().sum(),
                gauges.compression().get(),
                watch.status(),
                gauges.roundTrips().shortest(),
                remote.trouble());
    }

    /** Ends the session, if there is one, and waits for it. A flush that still waits for the replica is interrupted. */
    @Override
    public void close() {
        closed = true;
        watch.close();
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
