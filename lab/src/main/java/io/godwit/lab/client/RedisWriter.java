package io.godwit.lab.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes numbered values to Redis over one connection, the next as soon as the last is acknowledged, until it is told to
 * finish; then reads all of them back. A connection that breaks is counted, and another is opened.
 */
final class RedisWriter implements Runnable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final int READS_IN_FLIGHT = 256;

    private final InetSocketAddress address;
    private final Duration patience;
    private final WriteLedger ledger;
    private final GapMeter gaps = GapMeter.started();
    private final Thread thread;

    private volatile @Nullable RedisConnection connection;
    private volatile TcpCounts counts = new TcpCounts(0, 0, 0, 0, 0, 0);
    private volatile boolean finishing;
    private volatile boolean givenUp;
    private volatile int slotsRead;
    private long refused;
    private long requests;
    private long resets;

    RedisWriter(ClientOptions options, String run) {
        this.address = options.redis();
        this.patience = options.patience();
        this.ledger = new WriteLedger(run, options.slots());
        this.thread = Thread.ofPlatform().daemon().name("redis-writer").unstarted(this);
    }

    void start() {
        thread.start();
    }

    /** Has the writing stop and the reading begin. */
    void stopWriting() {
        finishing = true;
    }

    /** Returns when everything was read back, or after the given time. */
    void finish(Duration atMost) throws InterruptedException {
        stopWriting();
        if (!thread.join(atMost)) {
            givenUp = true;
            drop();
            thread.join();
        }
    }

    @Override
    public void run() {
        boolean answered = true;
        while (!finishing) {
            answered = writeOne();
            publish();
        }
        if (!answered) {
            gaps.event(System.nanoTime());
        }
        readAllBack();
        publish();
        drop();
    }

    /** Whether the next write was acknowledged. */
    private boolean writeOne() {
        RedisConnection redis = connect();
        if (redis == null) {
            return false;
        }
        long number = ledger.next();
        try {
            requests++;
            RedisReply before = redis.exchange(ledger.key(ledger.slot(number)), ledger.value(number));
            return take(number, before);
        } catch (IOException broken) {
            ledger.leaveOpen(number);
            countReset();
            return false;
        }
    }

    private boolean take(long number, RedisReply before) {
        if (before instanceof RedisReply.Refused) {
            ledger.leaveOpen(number);
            refused++;
            LockSupport.parkNanos(SHORTEST_PAUSE.toNanos());
            return false;
        }
        gaps.event(System.nanoTime());
        ledger.acknowledge(number, before);
        return true;
    }

    /** The connection, or a new one; null when finishing or giving up before there is one. */
    private @Nullable RedisConnection connect() {
        boolean wasFinishing = finishing;
        Duration pause = SHORTEST_PAUSE;
        while (connection == null && !givenUp && finishing == wasFinishing) {
            try {
                connection = RedisConnection.open(address, CONNECT_TIMEOUT, patience);
            } catch (IOException notYet) {
                LockSupport.parkNanos(pause.toNanos());
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
        return connection;
    }

    private void readAllBack() {
        int used = ledger.slotsUsed();
        while (slotsRead < used && !givenUp) {
            RedisConnection redis = connect();
            if (redis != null) {
                readSome(redis, Math.min(used, slotsRead + READS_IN_FLIGHT));
            }
        }
    }

    private void readSome(RedisConnection redis, int end) {
        try {
            for (int slot = slotsRead; slot < end; slot++) {
                redis.ask(ledger.key(slot));
                requests++;
            }
            for (int slot = slotsRead; slot < end; slot++) {
                RedisReply held = redis.reply();
                if (held instanceof RedisReply.Refused(String words)) {
                    throw new IOException("Redis refuses to read: " + words);
                }
                ledger.judge(slot, held);
                slotsRead = slot + 1;
            }
            publish();
        } catch (IOException broken) {
            countReset();
            LockSupport.parkNanos(SHORTEST_PAUSE.toNanos());
        }
    }

    private void countReset() {
        if (!givenUp) {
            resets++;
        }
        drop();
    }

    private void drop() {
        RedisConnection dropped = connection;
        connection = null;
        if (dropped != null) {
            try {
                dropped.close();
            } catch (IOException alreadyGone) {
                // It is given up either way.
            }
        }
    }

    private void publish() {
        counts = new TcpCounts(
                requests,
                ledger.acknowledgedWrites(),
                ledger.lostWrites(),
                ledger.wrongReads(),
                resets,
                Math.round(gaps.longestMillis()));
    }

    TcpCounts counts() {
        return counts;
    }

    GapMeter gaps() {
        return gaps;
    }

    boolean connected() {
        return connection != null;
    }

    /** Writes that Redis refused; only asked after the end. */
    long refused() {
        return refused;
    }

    /** Acknowledged writes that were not read back; only asked after the end. */
    long unverified() {
        long count = 0;
        for (int slot = slotsRead; slot < ledger.slotsUsed(); slot++) {
            count += ledger.expects(slot) ? 1 : 0;
        }
        return count;
    }
}
