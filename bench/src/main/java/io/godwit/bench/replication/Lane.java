package io.godwit.bench.replication;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One direction of one connection over a link: bytes leave at the link's rate and arrive half a round trip later. What has
 * no room on the way stays with the sender.
 */
final class Lane {
    /** Small, so that bytes leave evenly. */
    private static final int PART_BYTES = 8 << 10;
    /** What a router in front of the link holds. */
    private static final long QUEUE_BYTES = 256 << 10;

    private static final class Part {
        private final byte[] bytes;
        private final long arrives;

        Part(byte[] bytes, long arrives) {
            this.bytes = bytes;
            this.arrives = arrives;
        }
    }

    private final InputStream from;
    private final OutputStream to;
    private final LinkShape shape;
    private final LongAdder carried;
    private final long capacity;
    private final Deque<Part> onTheWay = new ArrayDeque<>();
    private long bytesOnTheWay;
    private boolean ended;

    Lane(InputStream from, OutputStream to, LinkShape shape, LongAdder carried) {
        this.from = from;
        this.to = to;
        this.shape = shape;
        this.carried = carried;
        this.capacity = QUEUE_BYTES + shape.bytesPerSecond() * shape.oneWay().toMillis() / 1000;
    }

    /** Takes what is sent, until its end. */
    void take() {
        byte[] buffer = new byte[PART_BYTES];
        long free = System.nanoTime();
        try {
            for (int got = from.read(buffer); got >= 0; got = from.read(buffer)) {
                long now = System.nanoTime();
                free = Math.max(free, now) + got * 1_000_000_000L / shape.bytesPerSecond();
                put(new Part(Arrays.copyOf(buffer, got), free + shape.oneWay().toNanos()));
            }
        } catch (IOException closed) {
            // The end of the connection is the end of the lane.
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    /** Delivers what was taken, when it is time. */
    void deliver() {
        try {
            for (Part part = next(); part != null; part = next()) {
                for (long left = part.arrives - System.nanoTime(); left > 0; left = part.arrives - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                to.write(part.bytes);
                carried.add(part.bytes.length);
                delivered(part);
            }
        } catch (IOException closed) {
            // Who doesn't take it any more is told by the end of the connection.
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    private synchronized void put(Part part) throws InterruptedException {
        while (bytesOnTheWay > capacity && !ended) {
            wait();
        }
        onTheWay.add(part);
        bytesOnTheWay += part.bytes.length;
        notifyAll();
    }

    private synchronized @Nullable Part next() throws InterruptedException {
        while (onTheWay.isEmpty() && !ended) {
            wait();
        }
        return onTheWay.poll();
    }

    private synchronized void delivered(Part part) {
        bytesOnTheWay -= part.bytes.length;
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }
}
