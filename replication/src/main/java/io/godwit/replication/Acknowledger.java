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
    private final ReplicaStores stores;
    private final Thread thread;
    private long chunkBytes;
    private boolean news = true;
    private boolean early;
    private boolean ended;
    private Optional<GodwitException> failure = Optional.empty();

    Acknowledger(Frames frames, ReplicaStores stores) {
        this.frames = frames;
        this.stores = stores;
        this.thread = Thread.ofPlatform().daemon().name("acknowledger").start(this::run);
    }

    /** The log has grown, or the copy is complete. */
    synchronized void news() {
        news = true;
        notifyAll();
    }

    /** Something came ahead of the log: somebody waits for it. */
    synchronized void early() {
        early = true;
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
            for (News next = awaitNews(); next != News.END; next = awaitNews()) {
                ReplicaCodec.write(frames, acknowledgement(next));
            }
        } catch (GodwitException failed) {
            fail(failed);
        } catch (IOException broken) {
            // The reading thread meets the same end of the channel, and reports it.
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private enum News {
        EARLY,
        LOG,
        END
    }

    private synchronized News awaitNews() throws InterruptedException {
        while (!news && !early && !ended) {
            wait();
        }
        if (ended) {
            return News.END;
        }
        News next = early ? News.EARLY : News.LOG;
        news &= early;
        early = false;
        return next;
    }

    private synchronized long chunkBytes() {
        return chunkBytes;
    }

    private ReplicaMessage acknowledgement(News news) throws IOException, InterruptedException {
        return switch (news) {
            case EARLY -> stores.earlyAcknowledgement(chunkBytes());
            case LOG -> stores.acknowledgement(chunkBytes());
            case END -> throw new IllegalStateException("there is nothing to acknowledge at the end");
        };
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
