package io.godwit.replication;

import com.github.luben.zstd.ZstdCompressCtx;
import io.godwit.replication.Compression.Limit;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Compresses what is worth it with zstd, as hard as pays now ({@link CompressionRule}), and stops trying for a while where
 * nothing shrinks. Used by one thread.
 */
final class Packer implements AutoCloseable {
    /** Less than this isn't worth a try. */
    private static final int MIN_BYTES = 256;
    /** A saving of less than one part in this many isn't worth the receiver's work. */
    private static final int MIN_SAVING = 16;
    /** After this many batches in a row that did not shrink ... */
    private static final int FUTILE_TRIES = 4;
    /** ... so many bytes go as they are. */
    private static final long REST_BYTES = 8 << 20;

    /** A level that was too much for the processor is not tried again for so long. */
    private static final Duration TOO_MUCH = Duration.ofSeconds(2);
    /** The link is scarce where one part in so many of the time goes into waiting for it. */
    private static final int SCARCE_PART = 3;

    private final AtomicReference<Compression> report;
    private final ZstdCompressCtx context = new ZstdCompressCtx();
    private int level = CompressionRule.CHEAP;
    private boolean linkScarce;
    private int futile;
    private long restLeft;
    private long lookedAt;
    private long mayRiseAt;
    private long packing;
    private long sending;
    private long packed;

    /** @param report is kept up to date */
    Packer(AtomicReference<Compression> report, long nanoTime) {
        this.report = report;
        this.lookedAt = nanoTime;
        this.mayRiseAt = nanoTime;
        context.setLevel(level);
        report.updateAndGet(before -> before.at(level, Limit.NEITHER));
    }

    /** Packs the rest of {@code raw}; the result may share it, where it has an array. */
    Packed pack(ByteBuffer raw) {
        long begin = System.nanoTime();
        int length = raw.remaining();
        Packed result = compress(raw, length);
        packing += System.nanoTime() - begin;
        packed += result.bytes().remaining();
        report.updateAndGet(before -> before.plus(length, result.bytes().remaining()));
        return result;
    }

    /** Notes how long the sending of something packed took, and thinks about the level now and then. */
    void sent(long nanos, long nanoTime) {
        sending += nanos;
        Duration elapsed = Duration.ofNanos(nanoTime - lookedAt);
        if (elapsed.compareTo(CompressionRule.LOOK) < 0) {
            return;
        }
        Limit found = CompressionRule.limit(elapsed, Duration.ofNanos(packing), Duration.ofNanos(sending));
        if (found == Limit.PROCESSOR && packed < CompressionRule.BEYOND_BUFFERS) {
            return;
        }
        linkScarce = sending * SCARCE_PART > elapsed.toNanos();
        change(CompressionRule.next(level, found), found, nanoTime);
        report.updateAndGet(before -> before.at(level, found));
        lookedAt = nanoTime;
        packing = 0;
        sending = 0;
        packed = 0;
    }

    /** Whether much of the time lately went into waiting for the link. */
    boolean linkScarce() {
        return linkScarce;
    }

    private void change(int next, Limit limit, long nanoTime) {
        if (limit == Limit.PROCESSOR) {
            mayRiseAt = nanoTime + TOO_MUCH.toNanos();
        }
        if (next == level || (next > level && nanoTime < mayRiseAt)) {
            return;
        }
        level = next;
        if (level > 0) {
            context.setLevel(level);
        }
    }

    private Packed compress(ByteBuffer raw, int length) {
        if (level == 0 || length < MIN_BYTES || resting(length)) {
            return asIs(raw);
        }
        byte[] compressed = context.compress(rawArray(raw));
        if (compressed.length > length - length / MIN_SAVING) {
            if (++futile >= FUTILE_TRIES) {
                restLeft = REST_BYTES;
                futile = FUTILE_TRIES - 1;
            }
            return asIs(raw);
        }
        futile = 0;
        return new Packed(Packed.ZSTD, length, ByteBuffer.wrap(compressed));
    }

    private boolean resting(int length) {
        restLeft = Math.max(0, restLeft - length);
        return restLeft > 0;
    }

    private static Packed asIs(ByteBuffer raw) {
        return new Packed(Packed.AS_IS, raw.remaining(), raw);
    }

    private static byte[] rawArray(ByteBuffer raw) {
        byte[] bytes = new byte[raw.remaining()];
        raw.duplicate().get(bytes);
        return bytes;
    }

    @Override
    public void close() {
        context.close();
    }
}
