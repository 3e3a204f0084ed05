package io.godwit.replication;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
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
    private final LagClock lag = new LagClock();
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
    private Optional<String> trouble = Optional.empty();

    RemoteCopy(GroupStore store) {
        this.store = store;
        // What a former session knew, until the replica is heard: else all that was ever written would seem to be
        // missing.
        this.durable = store.status().followers().getOrDefault(Replicator.FOLLOWER, Position.START);
    }

    /** A session has begun; {@code from} is where the replica's log ends. */
    synchronized void connected(Position from, boolean complete) {
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

    synchronized void acknowledged(Position position, boolean completeNow) {
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
            if (closed) {
                throw new InterruptedException("replication ended before the replica had everything");
            }
            wait();
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
