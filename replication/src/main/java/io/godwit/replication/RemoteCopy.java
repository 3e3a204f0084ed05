package io.godwit.replication;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import io.godwit.volume.DiskLane;
import io.godwit.volume.GroupStore;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What the source knows of its replica, and who waits for it. One monitor guards all of it: sessions report what they
 * learn, writers and flushes wait for it.
 *
 * <p>Who waits is released only by a complete replica's acknowledgement, or because nobody is to wait any more; never
 * because a link broke.
 */
final class RemoteCopy {
    private static final Duration ADMISSION_CHECK = Duration.ofMillis(20);

    private final GroupStore store;
    private final Optional<DiskLane> lane;
    private final LagClock lag = new LagClock();
    private final LagClock laneLag = new LagClock();
    private ReplicationPolicy policy = ReplicationPolicy.DEFAULT;
    private Waiting waiting = Waiting.NOTHING;
    private boolean connected;
    private boolean seeding;
    private boolean complete;
    /** Whether the replica has taken anything in this session: one that can't must not hold writers back. */
    private boolean moving;

    private boolean closed;
    private int awaiting;
    private Position durable;
    /** The replica has all records of sync disks before it. */
    private Position early = Position.START;
    /** Up to there somebody waits for records of sync disks. */
    private Position demanded = Position.START;
    /** Whether a move needs all disks to be synchronous, whatever their class. */
    private boolean held;

    private Optional<String> trouble = Optional.empty();

    RemoteCopy(GroupStore store) {
        this(store, Optional.empty());
    }

    /** @param lane the sync disks of a group that has async ones as well */
    RemoteCopy(GroupStore store, Optional<DiskLane> lane) {
        this.store = store;
        this.lane = lane;
        // What a former session knew, until the replica is heard: else all that was ever written would seem to be
        // missing.
        this.durable = store.status().followers().getOrDefault(Replicator.FOLLOWER, Position.START);
    }

    /** A session has begun; {@code from} is where the replica's log ends. */
    synchronized void connected(Position from, boolean complete) {
        connected(from, Position.START, complete);
    }

    /** Like the other; {@code early} is up to where it has records of sync disks. */
    synchronized void connected(Position from, Position early, boolean complete) {
        this.early = early;
        this.connected = true;
        this.complete = complete;
        this.seeding = !complete;
        this.moving = false;
        this.durable = from;
        this.trouble = Optional.empty();
        notifyAll();
    }

    synchronized void disconnected(Optional<String> why) {
        connected = false;
        seeding = false;
        trouble = why;
        notifyAll();
    }

    synchronized void acknowledged(Position position, Position earlyNow, boolean completeNow) {
        early = early.reaches(earlyNow) ? early : earlyNow;
        if (position.compareTo(durable) > 0) {
            durable = position;
            moving = true;
        }
        if (completeNow && !complete) {
            complete = true;
            seeding = false;
        }
        notifyAll();
    }

    /** The bounds that hold writers back from now on are this policy's. */
    synchronized void bound(ReplicationPolicy next) {
        policy = next;
        notifyAll();
    }

    synchronized ReplicationPolicy policy() {
        return policy;
    }

    synchronized Waiting waiting() {
        return waiting;
    }

    /** Lets those wait from now on, and releases those who need not any more. */
    synchronized void waitFor(Waiting next) {
        waiting = next;
        notifyAll();
    }

    /** Whether disks of every class wait alike, from now on. */
    synchronized void hold(boolean all) {
        held = all;
        notifyAll();
    }

    synchronized boolean held() {
        return held;
    }

    /** Whether the group's disks are of different classes. */
    boolean hasClasses() {
        return lane.isPresent();
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized boolean complete() {
        return complete;
    }

    synchronized boolean usable() {
        return connected && complete && !closed;
    }

    synchronized Position durable() {
        return durable;
    }

    /** The replica has all records of sync disks before it. */
    synchronized Position laneSafe() {
        return durable.reaches(early) ? durable : early;
    }

    /** Up to there somebody waits for records of sync disks. */
    synchronized Position demanded() {
        return demanded;
    }

    /** Waits until somebody wants more of sync disks than before, or the replica has more of the log. */
    synchronized void awaitDemand(Position wanted, Position had, Duration atMost) throws InterruptedException {
        awaitCounted(() -> !wanted.reaches(demanded) || !had.reaches(durable), atMost);
    }

    synchronized Optional<String> trouble() {
        return trouble;
    }

    synchronized boolean isConnected() {
        return connected;
    }

    synchronized boolean isSeeding() {
        return seeding;
    }

    ByteCount lagBytes() {
        return store.head().since(durable());
    }

    synchronized Duration lagTime() {
        return Duration.ofNanos(lag.age(durable, store.head(), System.nanoTime()));
    }

    /** Notes how long the log is; to be called often while it grows. */
    synchronized void noteHead() {
        lag.note(store.head(), System.nanoTime());
        lane.ifPresent(disks -> laneLag.note(disks.head(), System.nanoTime()));
    }

    /** How much of the log lies between the last record of sync disks and up to where the replica has those. */
    synchronized ByteCount laneLagBytes() {
        return lane.map(disks -> disks.head().since(laneSafe())).orElse(ByteCount.ZERO);
    }

    private Duration laneLagTime(DiskLane disks) {
        return Duration.ofNanos(laneLag.age(laneSafe(), disks.head(), System.nanoTime()));
    }

    /** Holds a writer to a sync disk back, as the policy asks for it, by how far the replica lags for these disks. */
    synchronized void admitLane() throws InterruptedException {
        noteHead();
        while (laneHoldsBack()) {
            wait(ADMISSION_CHECK.toMillis());
        }
    }

    /** Where nobody waits nothing is sent ahead of the log either. */
    private boolean laneHoldsBack() {
        if (waiting == Waiting.NOTHING || lane.isEmpty()) {
            return holdsBack();
        }
        DiskLane disks = lane.get();
        boolean tooFar = usable() && moving && policy.holdsBack(laneLagBytes(), laneLagTime(disks));
        if (tooFar) {
            demand(disks.head());
        }
        return tooFar;
    }

    private void demand(Position position) {
        if (!demanded.reaches(position)) {
            demanded = position;
            notifyAll();
        }
    }

    /** Holds a writer back as long as the policy asks for it, unless there is no replica that could catch up. */
    synchronized void admit() throws InterruptedException {
        lag.note(store.head(), System.nanoTime());
        while (holdsBack()) {
            wait(ADMISSION_CHECK.toMillis());
        }
    }

    private boolean holdsBack() {
        return usable() && moving && policy.holdsBack(lagBytes(), lagTime());
    }

    /**
     * Returns when nobody waits for the replica any more, or it has everything before the position.
     *
     * @throws InterruptedException also when the replicator is closed: whether the position is safe is then unknown
     */
    synchronized void awaitSafe(Position position) throws InterruptedException {
        while (waiting != Waiting.NOTHING && !(complete && durable.reaches(position))) {
            requireOpen();
            wait();
        }
    }

    /** Like {@link #awaitSafe} for what sync disks wrote before the position, which the replica is sent ahead of the log if need be. */
    synchronized void awaitLane(Position position) throws InterruptedException {
        while (waiting != Waiting.NOTHING && !(complete && laneSafe().reaches(position))) {
            demand(position);
            requireOpen();
            wait();
        }
    }

    /** Like {@link #awaitSafe}, as long as disks of every class are to wait. */
    synchronized void awaitHeld(Position position) throws InterruptedException {
        while (held && waiting != Waiting.NOTHING && !(complete && durable.reaches(position))) {
            requireOpen();
            wait();
        }
    }

    private void requireOpen() throws InterruptedException {
        if (closed) {
            throw new InterruptedException("replication ended before the replica had everything");
        }
    }

    /** Waits until a complete replica has everything before the position; returns whether it has. */
    boolean awaitDurable(Position position, Duration atMost) throws InterruptedException {
        return await(() -> complete && durable.reaches(position), atMost);
    }

    /** Like the other, but gives up as soon as it is called off (somebody calls {@link #waitFor} then) or the replica is lost. */
    synchronized boolean awaitDurable(Position position, Duration atMost, BooleanSupplier calledOff)
            throws InterruptedException {
        await(() -> calledOff.getAsBoolean() || !usable() || durable.reaches(position), atMost);
        return !calledOff.getAsBoolean() && usable() && durable.reaches(position);
    }

    /** Waits until the replica is complete; returns whether it is. */
    boolean awaitComplete(Duration atMost) throws InterruptedException {
        return await(() -> complete, atMost);
    }

    /** Whether somebody waits until the replica has caught up. */
    synchronized boolean isAwaited() {
        return awaiting > 0;
    }

    private synchronized boolean await(BooleanSupplier condition, Duration atMost) throws InterruptedException {
        awaiting++;
        try {
            return awaitCounted(condition, atMost);
        } finally {
            awaiting--;
        }
    }

    private synchronized boolean awaitCounted(BooleanSupplier condition, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            long millis = Duration.ofNanos(deadline - System.nanoTime())
                    .plusNanos(999_999)
                    .toMillis();
            if (closed || millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }
}
