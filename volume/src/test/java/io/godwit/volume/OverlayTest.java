package io.godwit.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.volume.LogRecord.Kind;
import io.godwit.volume.Overlay.Piece;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OverlayTest {
    private static final int DISK_BYTES = 300;

    /** Compared, byte by byte, with an array that says which record determines each byte, and which byte of it. */
    @Test
    void theNewestRecordCountsUntilItIsDropped() {
        long seed = System.nanoTime();
        System.out.println("OverlayTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            Overlay overlay = new Overlay();
            long[] payload = new long[DISK_BYTES];
            Arrays.fill(payload, -1);
            for (int step = 1; step < 100; step++) {
                int from = random.nextInt(DISK_BYTES);
                int to = from + random.nextInt(Math.min(60, DISK_BYTES - from + 1));
                if (random.nextInt(4) > 0) {
                    put(overlay, payload, from, to, step * 1000L);
                } else {
                    drop(overlay, payload, from, to, random.nextInt(step) * 1000L);
                }
            }
            assertSame(overlay, payload, random);
        }
    }

    private static void put(Overlay overlay, long[] payload, int from, int to, long record) {
        overlay.put(new Piece(from, to - from, Kind.WRITE, record, record));
        for (int at = from; at < to; at++) {
            payload[at] = record + at - from;
        }
    }

    private static void drop(Overlay overlay, long[] payload, int from, int to, long before) {
        overlay.drop(from, to, before);
        for (int at = from; at < to; at++) {
            if (payload[at] < before) {
                payload[at] = -1;
            }
        }
    }

    private static void assertSame(Overlay overlay, long[] payload, Random random) {
        int from = random.nextInt(DISK_BYTES);
        int to = from + random.nextInt(DISK_BYTES - from + 1);
        long[] found = new long[to - from];
        Arrays.fill(found, -1);
        long last = from;
        for (Piece piece : overlay.within(from, to)) {
            assertThat(piece.offset()).isGreaterThanOrEqualTo(last);
            assertThat(piece.length()).isPositive();
            for (int at = 0; at < piece.length(); at++) {
                found[(int) piece.offset() - from + at] = piece.payload() + at;
            }
            last = piece.end();
        }
        assertThat(found).isEqualTo(Arrays.copyOfRange(payload, from, to));
    }
}
