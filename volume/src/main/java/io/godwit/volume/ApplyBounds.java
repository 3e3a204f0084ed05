package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import java.util.ArrayList;
import java.util.List;

/**
 * How far the base images may follow the log: not beyond a hold, not beyond an open point, and not into the history
 * window unless that has to make way. A point makes way too: it never stops guests or replication. For one thread at a
 * time; the applier's lock sees to it.
 */
final class ApplyBounds {
    /** So many points may be open at once. */
    static final int MAX_POINTS = 16;
    /** An index entry takes about 120 bytes of memory: with more of them than this, the window is cut short. */
    private static final int MAX_PIECES = 500_000;

    private final List<DiskLayers> disks;
    private final List<PointHold> points = new ArrayList<>();
    private HistoryWindow window = HistoryWindow.NONE;
    private Arrivals arrivals = new Arrivals(0);
    private long hold = Long.MAX_VALUE;
    private boolean held;
    private long due;
    private boolean pressed;

    ApplyBounds(List<DiskLayers> disks) {
        this.disks = disks;
    }

    void keep(HistoryWindow wished) {
        window = wished;
        arrivals = new Arrivals(wished.age().toNanos());
    }

    /** Where the images should come to now. Unless that is {@code applied}, at least one whole record lies before it. */
    long target(long applied, long durable, long nanoTime) {
        long target = Math.min(hold, Math.max(due, Math.max(applied, outOfWindow(applied, durable, nanoTime))));
        for (PointHold point : points) {
            target = Math.min(target, point.position().value());
        }
        return Math.min(target, durable);
    }

    private long outOfWindow(long applied, long durable, long nanoTime) {
        if (window.isNone() || pressed || crowded()) {
            return durable;
        }
        arrivals.note(durable, nanoTime);
        long outOfBytes = durable - window.bytes().bytes();
        boolean wholeRecord = outOfBytes - applied >= LogRecord.MAX_BYTES;
        return Math.max(arrivals.outOfAge(nanoTime), wholeRecord ? outOfBytes : applied);
    }

    private boolean crowded() {
        return disks.stream().mapToLong(disk -> disk.overlay().size()).sum() > MAX_PIECES;
    }

    /** Something waits for room in the log: one batch may go into the window, and points at {@code applied} make way. */
    void press(long applied) {
        pressed = true;
        endPoints(applied + 1, "its history was needed as room for the log");
    }

    /** A batch has been applied. */
    void relax() {
        pressed = false;
    }

    /** The images are needed at that position. */
    void need(long position) {
        due = Math.max(due, position);
        endPoints(position, "the disk images had to go on, for a move or a comparison");
    }

    void endPoints(long before, String why) {
        points.stream().filter(point -> point.position().value() < before).forEach(point -> point.end(why));
        points.removeIf(PointHold::ended);
    }

    PointHold add(Position position) {
        if (points.size() == MAX_POINTS) {
            throw new GodwitException(
                    ErrorCode.CONFLICT, "%d points are open already: close one first".formatted(MAX_POINTS));
        }
        PointHold point = new PointHold(position);
        points.add(point);
        return point;
    }

    /** The first open point between two positions; the second one if there is none. */
    long firstPoint(long after, long before) {
        return points.stream()
                .mapToLong(point -> point.position().value())
                .filter(point -> point > after && point < before)
                .min()
                .orElse(before);
    }

    void remove(PointHold point) {
        point.end("it was closed");
        points.remove(point);
    }

    boolean held() {
        return held;
    }

    void hold(Position position) {
        hold = position.value();
        held = true;
    }

    void release() {
        hold = Long.MAX_VALUE;
        held = false;
    }
}
