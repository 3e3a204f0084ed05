package io.godwit.replication;

/**
 * What is done about compression at one moment, and what it has brought.
 *
 * @param level zstd's; 0 while nothing is compressed
 * @param limit what was found to be scarce
 * @param rawBytes of records and chunks so far
 * @param packedBytes what they came to
 */
public record Compression(int level, Limit limit, long rawBytes, long packedBytes) {
    /** What is held to be scarce. */
    public enum Limit {
        LINK,
        PROCESSOR,
        NEITHER,
        /** Packing and sending take about the same time: there is nothing to win. */
        BOTH
    }

    static final Compression NOTHING_YET = new Compression(CompressionRule.CHEAP, Limit.NEITHER, 0, 0);

    Compression plus(int raw, int packed) {
        return new Compression(level, limit, rawBytes + raw, packedBytes + packed);
    }

    Compression at(int nextLevel, Limit found) {
        return new Compression(nextLevel, found, rawBytes, packedBytes);
    }
}
