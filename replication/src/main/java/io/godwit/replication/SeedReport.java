package io.godwit.replication;

/** How far the present seeding is, or how far the last one came, for whoever asks. Thread-safe. */
final class SeedReport {
    private volatile long done;
    private volatile long total;

    void begin(long doneBytes, long totalBytes) {
        done = doneBytes;
        total = Math.max(doneBytes, totalBytes);
    }

    void reached(long doneBytes) {
        done = doneBytes;
        if (doneBytes > total) {
            total = doneBytes;
        }
    }

    long doneBytes() {
        return done;
    }

    long totalBytes() {
        return total;
    }
}
