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
 * <p>A flush under {@link Mode#SYNC} is released only by a complete replica's acknowledgement, or by going back to
 * {@link Mode#ASYNC}; never because a link broke.
 */
final class RemoteCopy {
    private static final Duration ADMISSION_CHECK = Duration.ofMillis(20);

    private final GroupStore store;
    private final ReplicationLimits limits;
    private final LagClock lag = new LagClock();
    private Mode mode = Mode.ASYNC;
    private boolean connected;
    private boolean seeding;
    private boolean complete;
    /** Whether the replica has taken anything in this session: one that can't must not hold writers back. */
    private boolean moving;

    private boolean closed;
    private long timesCalledOff;
    private Position durable = Position.START;
    private Optional<String> trouble = Optional.empty();

    RemoteCopy(GroupStore store, ReplicationLimits limits) {
        this.store = store;
        this.limits = limits;
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

    synchronized void becomeAsync() {
        mode = Mode.ASYNC;
        timesCalledOff++;
        notifyAll();
    }

    /** Changes to SYNC unless ASYNC was asked for after {@code timesCalledOff} was read; returns whether it did. */
    synchronized boolean becomeSync(long timesCalledOffBefore) {
        if (timesCalledOff == timesCalledOffBefore) {
            mode = Mode.SYNC;
        }
        return mode == Mode.SYNC;
    }

    /** How often ASYNC was asked for. */
    synchronized long timesCalledOff() {
        return timesCalledOff;
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized Mode mode() {
        return mode;
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

    /** Holds a writer back while the replica lags too far, unless there is none that could catch up. */
    synchronized void admit() throws InterruptedException {
        lag.note(store.head(), System.nanoTime());
        while (usable() && moving && lagsTooFar()) {
            wait(ADMISSION_CHECK.toMillis());
        }
    }

    private boolean lagsTooFar() {
        return store.head().since(durable).compareTo(limits.maxLag()) > 0
                || lagTime().compareTo(limits.maxLagTime()) > 0;
    }

    /**
     * Returns when the mode no longer asks for the replica, or it has everything before the position.
     *
     * @throws InterruptedException also when the replicator is closed: whether the position is safe is then unknown
     */
    synchronized void awaitSafe(Position position) throws InterruptedException {
        while (mode == Mode.SYNC && !(complete && durable.reaches(position))) {
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

    /** Like the other, but gives up as soon as ASYNC is asked for or the replica is lost. */
    synchronized boolean awaitDurable(Position position, Duration atMost, long timesCalledOffBefore)
            throws InterruptedException {
        await(() -> timesCalledOff != timesCalledOffBefore || !usable() || durable.reaches(position), atMost);
        return timesCalledOff == timesCalledOffBefore && usable() && durable.reaches(position);
    }

    /** Waits until the replica is complete; returns whether it is. */
    boolean awaitComplete(Duration atMost) throws InterruptedException {
        return await(() -> complete, atMost);
    }

    private synchronized boolean await(BooleanSupplier condition, Duration atMost) throws InterruptedException {
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
