package io.godwit.link;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import jdk.net.ExtendedSocketOptions;

/** A TCP connection that counts what it carries: with TLS above it, records, handshake and all. */
final class CountedSocket extends Socket {
    private static final int KEEPALIVE_IDLE_SECONDS = 3;
    private static final int KEEPALIVE_INTERVAL_SECONDS = 1;
    private static final int KEEPALIVE_PROBES = 4;
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    private static final int LAST_WORDS_MAX_BYTES = 64 << 10;

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();

    /** Small writes leave at once, and a peer that vanished is noticed even on a channel that is silent. */
    void tune() throws IOException {
        setOption(StandardSocketOptions.TCP_NODELAY, true);
        setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS);
        setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEPALIVE_INTERVAL_SECONDS);
        setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEPALIVE_PROBES);
    }

    long bytesSent() {
        return sent.get();
    }

    long bytesReceived() {
        return received.get();
    }

    /**
     * Closes so that the other side can still read what was sent last: a plain close with unread input would reset the
     * connection and destroy it. Waits up to a second for the other side to close.
     */
    void closeAfterLastWords() {
        try (this) {
            shutdownOutput();
            setSoTimeout((int) LAST_WORDS.toMillis());
            InputStream rest = getInputStream();
            long deadline = System.nanoTime() + LAST_WORDS.toNanos();
            byte[] discarded = new byte[4096];
            for (int total = 0; total < LAST_WORDS_MAX_BYTES && System.nanoTime() < deadline; ) {
                int read = rest.read(discarded);
                if (read < 0) {
                    return;
                }
                total += read;
            }
        } catch (IOException alreadyGone) {
            // Nothing is left to say to a connection that has broken.
        }
    }

    void closeQuietly() {
        try {
            close();
        } catch (IOException alreadyGone) {
            // There is nothing left to release.
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                int value = in.read();
                received.addAndGet(value < 0 ? 0 : 1);
                return value;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int count = in.read(bytes, offset, length);
                received.addAndGet(Math.max(0, count));
                return count;
            }
        };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(super.getOutputStream()) {
            @Override
            public void write(int value) throws IOException {
                out.write(value);
                sent.incrementAndGet();
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
                sent.addAndGet(length);
            }
        };
    }
}
