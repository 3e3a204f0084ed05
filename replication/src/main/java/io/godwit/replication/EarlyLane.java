package io.godwit.replication;

import io.godwit.core.Position;
import io.godwit.volume.DiskLane;
import io.godwit.volume.EarlyBatch;
import io.godwit.volume.LogRecord;
import io.godwit.volume.TermStart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Sends what flushes of sync disks wait for ahead of what other disks wrote before it: copies of those disks' records, all of them from
 * where the log was shipped up to, which the log itself brings later once more. Bounds what may stand before it on its way.
 * Used by one thread.
 */
final class EarlyLane {
    /** Less than this need not be overtaken. */
    static final long WORTH_BYTES = 64 << 10;
    /** So much of the log goes out at once where something may have to overtake it. */
    static final int PIECE_BYTES = 128 << 10;

    private static final Duration WINDOW_CHECK = Duration.ofMillis(3);

    /** What the replica holds of it until its log has come so far. */
    private record Held(Position to, long bytes) {}

    private final Sending to;
    private final RemoteCopy remote;
    private final DiskLane disks;
    private final LogWindow window;
    private final long room;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(LogRecord.MAX_BYTES);
    private final Deque<Held> held = new ArrayDeque<>();
    private long heldBytes;
    private Position reach;

    /** @param known what the replica holds from an earlier session */
    EarlyLane(Sending to, RemoteCopy remote, DiskLane disks, LogWindow window, ReplicaMessage.EarlyRoom known) {
        this.to = to;
        this.remote = remote;
        this.disks = disks;
        this.window = window;
        this.room = known.room().bytes();
        this.reach = known.reach();
        hold(known.reach(), known.held().bytes());
    }

    /** Whether anybody could be waiting for it. */
    boolean active() {
        return remote.usable() && remote.waiting() != Waiting.NOTHING;
    }

    /** Sends a message, if somebody waits for it. Not for the middle of a batch: the replica's log isn't there. */
    boolean send(Position shipped) throws IOException {
        Position wanted = wanted();
        Position from = shipped.reaches(reach) ? shipped : reach;
        boolean worth = !from.reaches(wanted) && wanted.since(shipped).bytes() >= WORTH_BYTES;
        return worth && active() && knowsTerm() && send(from, wanted);
    }

    /** Like the log, nothing crosses that this site could still lose: it would write something else in that place. */
    private Position wanted() {
        Position demanded = remote.demanded();
        Position durable = to.store().durable();
        return durable.reaches(demanded) ? demanded : durable;
    }

    /** It takes no records of a term that it has not heard of. */
    private boolean knowsTerm() {
        List<TermStart> terms = to.store().terms();
        return !terms.isEmpty()
                && remote.durable().compareTo(terms.getLast().start().position()) > 0;
    }

    private boolean send(Position from, Position wanted) throws IOException {
        long left = room - release() - EarlyBatch.HEADER_BYTES;
        buffer.clear().limit(Math.clamp(left, 0, buffer.capacity()));
        Position end = disks.read(from, wanted, buffer);
        if (end.equals(from)) {
            return false;
        }
        int bytes = buffer.flip().remaining();
        Packed packed = bytes == 0 ? Packed.NOTHING : to.packer().pack(buffer);
        to.send(new SourceMessage.Early(to.store().term(), from, end, packed));
        hold(end, EarlyBatch.HEADER_BYTES + (long) bytes);
        reach = end;
        return true;
    }

    private void hold(Position end, long bytes) {
        held.add(new Held(end, bytes));
        heldBytes += bytes;
    }

    /** Forgets what the replica's log has reached; returns what it still holds. */
    private long release() {
        Position durable = remote.durable();
        while (!held.isEmpty() && durable.reaches(held.getFirst().to())) {
            heldBytes -= held.removeFirst().bytes();
        }
        return heldBytes;
    }

    /** Whether the log may go on to here; if not, waits a moment for room on the way, or for a demand. */
    boolean mayShip(Position shipped) throws InterruptedException {
        Position durable = remote.durable();
        if (!active() || window.open(shipped, durable)) {
            return true;
        }
        long begin = System.nanoTime();
        remote.awaitDemand(remote.demanded(), durable, WINDOW_CHECK);
        long now = System.nanoTime();
        to.packer().sent(now - begin, now);
        return false;
    }

    void shipped(Position to) {
        window.sent(to, System.nanoTime());
    }
}
