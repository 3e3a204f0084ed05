package io.godwit.memory;

import io.godwit.core.Channel;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Notices within {@link MemoryLimits#silence} that the peer is gone: sends a pulse now and then, and closes the
 * channel when nothing at all was heard for too long, which ends every blocked read and write with an IOException. Only
 * the time in which this side listens counts: what it takes to apply what was heard, on a busy machine, is not the peer's silence.
 */
final class Lifeline implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Lifeline.class.getName());

    private final Channel channel;
    private final MemoryLimits limits;
    private final FrameReader reader;
    private final FrameWriter writer;
    private final Thread watch;
    private final Thread pulse;
    private volatile long heardAt = System.nanoTime();
    private volatile boolean listening;
    private volatile boolean lost;

    Lifeline(Channel channel, MemoryLimits limits) {
        this.channel = channel;
        this.limits = limits;
        this.reader = new FrameReader(new Heard(channel.input()));
        this.writer = new FrameWriter(channel.output());
        this.watch = Thread.ofVirtual().name("memory-silence").start(this::watch);
        this.pulse = Thread.ofVirtual().name("memory-pulse").start(this::pulse);
    }

    /** Reads from the channel; every byte counts as a sign of life. */
    FrameReader reader() {
        return reader;
    }

    FrameWriter writer() {
        return writer;
    }

    /** What to tell about a failure of the channel. */
    IOException explain(IOException failure) {
        return lost
                ? new IOException(
                        "the peer was silent for more than %d ms"
                                .formatted(limits.silence().toMillis()),
                        failure)
                : failure;
    }

    private void watch() {
        try {
            while (true) {
                Duration silent = listening ? Duration.ofNanos(System.nanoTime() - heardAt) : Duration.ZERO;
                if (silent.compareTo(limits.silence()) > 0) {
                    lost = true;
                    channel.close();
                    return;
                }
                Thread.sleep(limits.silence().minus(silent).plusMillis(1));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException failure) {
            LOG.log(System.Logger.Level.DEBUG, "closing a silent memory channel failed", failure);
        }
    }

    private void pulse() {
        try {
            while (true) {
                Thread.sleep(limits.pulse());
                writer.write(new Frame.Pulse());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException end) {
            LOG.log(System.Logger.Level.TRACE, "no more pulses", end);
        }
    }

    /** Ends the watching and the channel. */
    @Override
    public void close() throws IOException {
        watch.interrupt();
        pulse.interrupt();
        channel.close();
    }

    /** Stamps the times at which this side began to listen, and at which bytes came. */
    private final class Heard extends FilterInputStream {
        Heard(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            listen();
            int read = super.read();
            listening = false;
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            listen();
            int read = super.read(bytes, offset, length);
            listening = false;
            return read;
        }

        private void listen() {
            heardAt = System.nanoTime();
            listening = true;
        }
    }
}
