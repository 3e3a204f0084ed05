package io.godwit.volume;

import io.godwit.core.Position;

/**
 * Keeps the log from a position on for a reader that follows it, unless guests need its room: then what the reader hasn't read
 * is gone. It is remembered nowhere and doesn't outlive the process.
 */
public final class LogHold implements AutoCloseable {
    private final Progress progress;
    private volatile Position from;

    LogHold(Progress progress, Position from) {
        this.progress = progress;
        this.from = from;
    }

    Position from() {
        return from;
    }

    /** Nothing before {@code position} is needed any more. */
    public void advance(Position position) {
        from = position;
    }

    @Override
    public void close() {
        progress.release(this);
    }
}
