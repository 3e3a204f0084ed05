package io.godwit.lab.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameRingTest {
    private record Frame(long due, int length, byte mark) {}

    @Test
    void framesComeOutAsTheyWentInWhateverTheRingsSize() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 30; round++) {
            FrameRing ring = new FrameRing(20_000 + random.nextInt(60_000));
            Deque<Frame> expected = new ArrayDeque<>();
            for (int step = 0; step < 5_000; step++) {
                switch (random.nextInt(100)) {
                    case 0 -> ring = FrameRing.replacing(ring, ring.capacityBytes() + random.nextInt(1_000));
                    case 1 -> {
                        ring.clear();
                        expected.clear();
                    }
                    default -> {
                        if (random.nextBoolean()) {
                            add(ring, expected, new Frame(step, length(random), (byte) random.nextInt()));
                        } else if (!expected.isEmpty()) {
                            assertThat(first(ring)).as("seed %d", seed).isEqualTo(expected.removeFirst());
                            ring.removeFirst();
                        }
                    }
                }
                assertThat(ring.frames()).as("seed %d", seed).isEqualTo(expected.size());
            }
            ring.close();
        }
    }

    @Test
    void aFullRingSaysSoAndTakesFramesAgainLater() {
        FrameRing ring = new FrameRing(1);
        Deque<Frame> expected = new ArrayDeque<>();
        while (ring.roomAddress() != 0) {
            add(ring, expected, new Frame(1, FrameRing.MAX_FRAME_BYTES, (byte) 5));
        }
        assertThat(expected).hasSize(2);
        ring.removeFirst();
        assertThat(ring.roomAddress()).isNotZero();
        ring.close();
    }

    private static int length(Random random) {
        return random.nextInt(10) == 0 ? FrameRing.MAX_FRAME_BYTES : 1 + random.nextInt(1_514);
    }

    @SuppressWarnings("restricted")
    private static void add(FrameRing ring, Deque<Frame> expected, Frame frame) {
        long address = ring.roomAddress();
        if (address != 0) {
            MemorySegment.ofAddress(address).reinterpret(frame.length()).fill(frame.mark());
            ring.add(frame.due(), frame.length());
            expected.addLast(frame);
        }
    }

    @SuppressWarnings("restricted")
    private static Frame first(FrameRing ring) {
        MemorySegment content = MemorySegment.ofAddress(ring.firstAddress()).reinterpret(ring.firstLength());
        byte mark = content.get(ValueLayout.JAVA_BYTE, 0);
        assertThat(content.get(ValueLayout.JAVA_BYTE, ring.firstLength() - 1L)).isEqualTo(mark);
        return new Frame(ring.firstDue(), ring.firstLength(), mark);
    }
}
