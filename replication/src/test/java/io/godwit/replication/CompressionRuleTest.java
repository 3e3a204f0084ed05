package io.godwit.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.replication.Compression.Limit;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CompressionRuleTest {
    private static Limit limit(int elapsed, int packing, int sending) {
        return CompressionRule.limit(
                Duration.ofMillis(elapsed), Duration.ofMillis(packing), Duration.ofMillis(sending));
    }

    @Test
    void whatTakesClearlyLongerIsTheLimit() {
        assertThat(limit(1000, 100, 800)).isEqualTo(Limit.LINK);
        assertThat(limit(1000, 700, 200)).isEqualTo(Limit.PROCESSOR);
        assertThat(limit(1000, 450, 500)).isEqualTo(Limit.BOTH);
        assertThat(limit(1000, 50, 100)).isEqualTo(Limit.NEITHER);
    }

    @Test
    void theLevelGoesAStepAtATimeAndStaysWithinBounds() {
        assertThat(CompressionRule.next(1, Limit.LINK)).isEqualTo(3);
        assertThat(CompressionRule.next(3, Limit.LINK)).isEqualTo(6);
        assertThat(CompressionRule.next(6, Limit.LINK)).isEqualTo(6);
        assertThat(CompressionRule.next(3, Limit.PROCESSOR)).isEqualTo(1);
        assertThat(CompressionRule.next(1, Limit.PROCESSOR)).isZero();
        assertThat(CompressionRule.next(0, Limit.PROCESSOR)).isZero();
        assertThat(CompressionRule.next(3, Limit.BOTH)).isEqualTo(3);
    }

    @Test
    void whereNothingIsScarceTheCheapLevelIsUsed() {
        assertThat(CompressionRule.next(0, Limit.NEITHER)).isEqualTo(1);
        assertThat(CompressionRule.next(1, Limit.NEITHER)).isEqualTo(1);
        assertThat(CompressionRule.next(6, Limit.NEITHER)).isEqualTo(3);
    }

    /** What the kernel's buffers have swallowed in no time doesn't mean that the link is fast. */
    @Test
    void theProcessorIsToBlameOnlyWhenMuchWasSent() {
        AtomicReference<Compression> report = new AtomicReference<>(Compression.NOTHING_YET);
        byte[] noise = new byte[1 << 20];
        new java.util.Random(1).nextBytes(noise);
        try (Packer packer = new Packer(report, System.nanoTime())) {
            long now = System.nanoTime();
            for (int turn = 0; turn < 8; turn++) {
                packer.pack(ByteBuffer.wrap(noise));
                packer.sent(0, now + 1);
            }
            assertThat(report.get().level()).isEqualTo(CompressionRule.CHEAP);
        }
    }

    @Test
    void aPackerFollowsTheLinkAndSaysSo() {
        AtomicReference<Compression> report = new AtomicReference<>(Compression.NOTHING_YET);
        byte[] text = new byte[1 << 16];
        Arrays.fill(text, (byte) 'x');
        try (Packer packer = new Packer(report, 0);
                Unpacker unpacker = new Unpacker()) {
            long second = Duration.ofSeconds(1).toNanos();
            for (int turn = 1; turn <= 5; turn++) {
                Packed packed = packer.pack(ByteBuffer.wrap(text));
                assertThat(unpacker.unpack(packed)).isEqualTo(ByteBuffer.wrap(text));
                packer.sent(second, turn * second);
            }
            assertThat(report.get().level()).isEqualTo(6);
            assertThat(report.get().limit()).isEqualTo(Limit.LINK);
            assertThat(report.get().rawBytes()).isEqualTo(5L * text.length);
            assertThat(report.get().packedBytes()).isLessThan(text.length);
            for (int turn = 6; turn <= 9; turn++) {
                packer.sent(0, turn * second);
            }
            assertThat(report.get().level()).isEqualTo(1);
            assertThat(report.get().limit()).isEqualTo(Limit.NEITHER);
        }
    }
}
