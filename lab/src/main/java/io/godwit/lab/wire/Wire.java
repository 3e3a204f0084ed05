package io.godwit.lab.wire;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.util.List;

/** A link between two TAP devices, with one lane for each direction. Everything about it may be changed while it runs. */
public final class Wire implements AutoCloseable {
    /** The direction of frames that enter at the first end, or at the second. */
    public enum Direction {
        FORTH,
        BACK
    }

    private final TapEnd first;
    private final TapEnd second;
    private final Lane forth;
    private final Lane back;
    private final List<Thread> threads;

    private Wire(String name, TapEnd first, TapEnd second, LinkShape shape, long seed) {
        this.first = first;
        this.second = second;
        this.forth = new Lane(name + " forth", first, second, shape, seed);
        this.back = new Lane(name + " back", second, first, shape, ~seed);
        // A lane holds its carrier in read(2) and ppoll(2): it needs a thread of the system's own.
        this.threads = List.of(
                Thread.ofPlatform().daemon().name("wire-" + name + "-forth").start(forth),
                Thread.ofPlatform().daemon().name("wire-" + name + "-back").start(back));
    }

    /**
     * Connects two ends, which belong to the wire from now on.
     *
     * @param seed of the random numbers that choose which frames are lost
     */
    public static Wire connect(String name, TapEnd first, TapEnd second, LinkShape shape, long seed) {
        return new Wire(name, first, second, shape, seed);
    }

    public void reshape(Direction direction, LinkShape shape) {
        lane(direction).reshape(shape);
    }

    public void reshape(LinkShape shape) {
        forth.reshape(shape);
        back.reshape(shape);
    }

    /** Cuts the wire, without a sign to either end, or mends it. */
    public void switchTo(boolean up) {
        forth.switchTo(up);
        back.switchTo(up);
    }

    public boolean isUp() {
        return forth.isUp();
    }

    public LinkShape shape(Direction direction) {
        return lane(direction).shape();
    }

    public LaneCounters counters(Direction direction) {
        return lane(direction).counters();
    }

    @Override
    public void close() throws IOException {
        forth.end();
        back.end();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new GodwitException(ErrorCode.FAILED, "interrupted while closing a wire", stopped);
            }
        }
        first.close();
        second.close();
    }

    private Lane lane(Direction direction) {
        return switch (direction) {
            case FORTH -> forth;
            case BACK -> back;
        };
    }
}
