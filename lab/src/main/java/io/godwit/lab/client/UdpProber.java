package io.godwit.lab.client;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends numbered datagrams to an echo at a steady pace and counts what comes back. The pace is an absolute schedule: a
 * late sender catches up, so that the number sent says how long it ran. A probe is: run (8 bytes), number (4), time (8).
 */
final class UdpProber implements Closeable {
    private static final int PROBE_BYTES = Long.BYTES + Integer.BYTES + Long.BYTES;
    private static final int RECEIVE_BUFFER_BYTES = 4 << 20;
    private static final int LOST_TIMES_KEPT = 32;

    /** After this, and one round trip more, a probe that has not come back is lost. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** A sender that was held up for longer doesn't catch up: the burst would be a test of the buffers. */
    private static final long CATCH_UP_NANOS = Duration.ofMillis(100).toNanos();

    private final long run;
    private final long periodNanos;
    private final DatagramChannel channel;
    private final ProbeTally tally = new ProbeTally();
    private final GapMeter gaps = GapMeter.started();
    private final SendTimes sendTimes = new SendTimes();
    private final Thread sender =
            Thread.ofPlatform().daemon().name("probe-sender").unstarted(this::send);
    private final Thread receiver =
            Thread.ofPlatform().daemon().name("probe-receiver").unstarted(this::receive);

    private volatile boolean finishing;
    private volatile long roundTripNanos;
    private volatile long longestRoundTripNanos;

    UdpProber(InetSocketAddress echo, int probesPerSecond, long run) throws IOException {
        this.run = run;
        this.periodNanos = Duration.ofSeconds(1).toNanos() / probesPerSecond;
        this.channel = DatagramChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
            channel.connect(echo);
        } catch (IOException unusable) {
            channel.close();
            throw unusable;
        }
    }

    void start() {
        receiver.start();
        sender.start();
    }

    private void send() {
        ByteBuffer probe = ByteBuffer.allocate(PROBE_BYTES);
        for (long due = System.nanoTime(); !finishing; due += periodNanos) {
            for (long rest = due - System.nanoTime(); rest > 0; rest = due - System.nanoTime()) {
                LockSupport.parkNanos(rest);
            }
            long now = System.nanoTime();
            due = Math.max(due, now - CATCH_UP_NANOS);
            int number = tally.send();
            sendTimes.add(number, System.currentTimeMillis());
            write(probe.clear().putLong(run).putInt(number).putLong(now).flip());
        }
    }

    private void write(ByteBuffer probe) {
        try {
            channel.write(probe);
        } catch (IOException noWay) {
            // No route, or the last one was answered by "port unreachable": this probe is lost, and counts as such.
        }
    }

    private void receive() {
        ByteBuffer echo = ByteBuffer.allocate(PROBE_BYTES + 1);
        while (channel.isOpen()) {
            try {
                channel.read(echo.clear());
                take(echo.flip(), System.nanoTime());
            } catch (ClosedChannelException over) {
                return;
            } catch (IOException unreachable) {
                LockSupport.parkNanos(periodNanos);
            }
        }
    }

    private void take(ByteBuffer echo, long now) {
        if (echo.remaining() == PROBE_BYTES && echo.getLong() == run && tally.arrive(echo.getInt())) {
            roundTripNanos = now - echo.getLong();
            longestRoundTripNanos = Math.max(longestRoundTripNanos, roundTripNanos);
            gaps.event(now);
        }
    }

    /** Stops sending and waits for those under way; ends early when all are back. */
    void finish() throws InterruptedException {
        finishing = true;
        sender.join();
        long lastSent = System.nanoTime();
        long end = lastSent + GRACE.toNanos() + longestRoundTripNanos;
        while (tally.missing(tally.sent()) > 0 && System.nanoTime() < end) {
            Thread.sleep(Duration.ofMillis(5));
        }
        if (tally.missing(tally.sent()) > 0 && gaps.current(lastSent) > 0) {
            gaps.event(lastSent);
        }
    }

    /** The counters; of the probes those that have been out long enough to be called lost. */
    UdpCounts counts() {
        int old = finishing ? tally.sent() : sendTimes.sentBefore(System.currentTimeMillis() - GRACE.toMillis());
        return new UdpCounts(
                tally.sent(),
                tally.missing(old),
                tally.duplicated(),
                tally.reordered(),
                Math.round(gaps.longestMillis()));
    }

    List<Long> lostProbesAtEpochMillis() {
        return tally.missingNumbers(LOST_TIMES_KEPT).stream()
                .map(sendTimes::epochMillis)
                .toList();
    }

    GapMeter gaps() {
        return gaps;
    }

    long echoes() {
        return tally.returned();
    }

    long roundTripNanos() {
        return roundTripNanos;
    }

    @Override
    public void close() throws IOException {
        finishing = true;
        channel.close();
    }
}
