package io.godwit.replication;

import io.godwit.core.GodwitException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells the source, on a thread of its own, what is on stable storage: while one fdatasync is in progress more records
 * arrive, and the next one serves them all.
 */
final class Acknowledger implements AutoCloseable {
    /** A flush that is in progress at the end is waited for, within reason. */
    private static final Duration LAST_FLUSH = Duration.ofSeconds(5);

    private final Frames frames;
    private final ReplicaCopy copy;
    private final Thread thread;
    private long chunkBytes;
    private boolean news = true;
    private boolean ended;
    private Optional<GodwitException> failure = Optional.empty();

    Acknowledger(Frames frames, ReplicaCopy copy) {
        this.frames = frames;
        this.copy = copy;
        this.thread = Thread.ofVirtual().name("acknowledger").start(this::run);
    }

    /** The log has grown, or the copy is complete. */
    synchronized void news() {
        news = true;
        notifyAll();
    }

    /** A chunk's frame, of so many bytes, was worked off. */
    synchronized void chunk(long bytes) {
        chunkBytes += bytes;
        news();
    }

    /** Throws what made acknowledging impossible, if anything did. */
    synchronized void check() {
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private void run() {
        try {
            for (long chunks = awaitNews(); chunks >= 0; chunks = awaitNews()) {
                acknowledge(chunks);
            }
        } catch (GodwitException failed) {
            fail(failed);
        } catch (IOException broken) {
            // The reading thread meets the same end of the channel, and reports it.
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the bytes of chunks to acknowledge, or -1 at the end. */
    private synchronized long awaitNews() throws InterruptedException {
        while (!news && !ended) {
            wait();
        }
        news = false;
        return ended ? -1 : chunkBytes;
    }

    private void acknowledge(long chunks) throws IOException, InterruptedException {
        ReplicaCodec.write(frames, copy.acknowledgement(chunks));
    }

    /** Tells the source, which hangs up; the reading thread meets that, and finds the reason here. */
    private void fail(GodwitException failed) {
        synchronized (this) {
            failure = Optional.of(failed);
        }
        try {
            ReplicaCodec.write(frames, new ReplicaMessage.Trouble(failed.code(), failed.sentence()));
        } catch (IOException broken) {
            // The reading thread meets the same end of the channel.
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            ended = true;
            notifyAll();
        }
        try {
            thread.join(LAST_FLUSH);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
