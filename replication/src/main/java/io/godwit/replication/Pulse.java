package io.godwit.replication;

import io.godwit.core.Channel;
import java.io.IOException;
import java.time.Duration;

/**
 * The heartbeat of a session: says at intervals that this side is there, and closes the channel when nothing was heard
 * from the other for too long. Speaking and listening have a thread each, since speaking may block.
 */
final class Pulse implements AutoCloseable {
    /** Sends a sign of life. */
    interface Sign {
        void send() throws IOException;
    }

    private static final int CHECKS_PER_SILENCE = 10;

    private final Channel channel;
    private final Frames frames;
    private final Duration patience;
    private final Thread speaker;
    private final Thread listener;
    private volatile boolean silent;

    Pulse(Channel channel, Frames frames, ReplicationLimits limits, Sign sign) {
        this.channel = channel;
        this.frames = frames;
        this.patience = limits.silence();
        this.speaker = Thread.ofVirtual().name("pulse-speaker").start(() -> speak(limits.heartbeat(), sign));
        this.listener = Thread.ofVirtual().name("pulse-listener").start(this::listen);
    }

    /** Whether the channel was closed because the other side was silent. */
    boolean silent() {
        return silent;
    }

    private void speak(Duration interval, Sign sign) {
        try {
            while (true) {
                sign.send();
                Thread.sleep(interval);
            }
        } catch (IOException broken) {
            closeChannel();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen() {
        try {
            while (frames.silence().compareTo(patience) < 0) {
                Thread.sleep(patience.dividedBy(CHECKS_PER_SILENCE));
            }
            silent = true;
            closeChannel();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException alreadyGone) {
            // Closed is closed.
        }
    }

    @Override
    public void close() {
        speaker.interrupt();
        listener.interrupt();
    }
}
