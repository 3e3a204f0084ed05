package io.godwit.replication;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * The other side's bytes, and how long none has come. Only time spent waiting for one counts: a reader that is busy with
 * what came before doesn't find the other side silent, and a long message that trickles in is no silence either.
 */
final class Heard extends FilterInputStream {
    private static final long NOT_WAITING = 0;

    private volatile long waitingSince = NOT_WAITING;

    Heard(InputStream in) {
        super(in);
    }

    Duration silence() {
        long since = waitingSince;
        return since == NOT_WAITING ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    @Override
    public int read() throws IOException {
        begin();
        try {
            return in.read();
        } finally {
            waitingSince = NOT_WAITING;
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        begin();
        try {
            return in.read(bytes, offset, length);
        } finally {
            waitingSince = NOT_WAITING;
        }
    }

    private void begin() {
        long now = System.nanoTime();
        waitingSince = now == NOT_WAITING ? now + 1 : now;
    }
}
