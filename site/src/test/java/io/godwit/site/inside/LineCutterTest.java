package io.godwit.site.inside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Lines out of a machine: what is understood, and what is refused, whatever comes. */
class LineCutterTest {
    private static final int ROUNDS = 2_000;
    private static final int MOST_PIECES = 24;

    private static List<InsideLine> lines(String text) {
        return new LineCutter().cut(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static InsideLine checkpoint(String token) {
        return new InsideLine.Checkpoint(token);
    }

    @Test
    void aRequestHasAToken() {
        assertThat(lines("checkpoint nightly-1\n")).containsExactly(checkpoint("nightly-1"));
        assertThat(lines("checkpoint " + "x".repeat(32) + "\n")).containsExactly(checkpoint("x".repeat(32)));
    }

    @Test
    void emptyLinesSayNothingSoThatOneEndsWhatAnotherProgramHasLeft() {
        assertThat(lines("\n\r\ncheckpoint a\r\n\ncheckpoint b\n")).containsExactly(checkpoint("a"), checkpoint("b"));
        assertThat(lines("checkpo\ncheckpoint c\n")).last().isEqualTo(checkpoint("c"));
    }

    @Test
    void aLineIsNoRequestBeforeItsEnd() {
        LineCutter cutter = new LineCutter();
        assertThat(cutter.cut(ByteBuffer.wrap("checkpoint a".getBytes(StandardCharsets.US_ASCII))))
                .isEmpty();
        assertThat(cutter.cut(ByteBuffer.wrap("b\n".getBytes(StandardCharsets.US_ASCII))))
                .containsExactly(checkpoint("ab"));
    }

    @Test
    void whatIsNoRequestIsUnreadable() {
        for (String wrong : List.of(
                "checkpoint",
                "checkpoint ",
                "checkpoint  a",
                " checkpoint a",
                "checkpoint a b",
                "checkpoint -",
                "checkpoint -a",
                "checkpoint a_b",
                "checkpoint \u00e9",
                "checkpoint a\0",
                "Checkpoint a",
                "rewind a",
                "checkpoint " + "x".repeat(33))) {
            assertThat(lines(wrong + "\n")).as(wrong).singleElement().isInstanceOf(InsideLine.Unreadable.class);
        }
    }

    @Test
    void anEndlessLineIsRefusedOnceAndTheNextIsRead() {
        LineCutter cutter = new LineCutter();
        byte[] flood = "x".repeat(4_096).getBytes(StandardCharsets.US_ASCII);
        int refused = 0;
        for (int i = 0; i < 100; i++) {
            refused += cutter.cut(ByteBuffer.wrap(flood)).size();
        }
        assertThat(refused).isEqualTo(1);
        assertThat(cutter.cut(ByteBuffer.wrap("\ncheckpoint a\n".getBytes(StandardCharsets.US_ASCII))))
                .containsExactly(checkpoint("a"));
    }

    /** However they are cut, the same bytes are the same lines, and there are no more of them than there can be. */
    @Test
    void whateverComesIsCutTheSameInWhateverPieces() {
        long seed = System.nanoTime();
        System.out.println("LineCutterTest seed " + seed);
        Random random = new Random(seed);
        int requests = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = noise(random);
            List<InsideLine> whole = new LineCutter().cut(ByteBuffer.wrap(bytes));
            assertThat(inPieces(bytes, random)).as("seed %d, round %d", seed, i).isEqualTo(whole);
            assertThat(whole.size()).isLessThanOrEqualTo(bytes.length / 2 + 1);
            for (InsideLine line : whole) {
                if (line instanceof InsideLine.Checkpoint(String token)) {
                    assertThat(token).as("seed %d", seed).matches("[A-Za-z0-9-]{1,32}");
                    requests++;
                }
            }
        }
        assertThat(requests).as("seed %d", seed).isPositive();
    }

    private static byte[] noise(Random random) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = random.nextInt(MOST_PIECES); i > 0; i--) {
            switch (random.nextInt(5)) {
                case 0 -> bytes.writeBytes("checkpoint ".getBytes(StandardCharsets.US_ASCII));
                case 1 -> bytes.writeBytes("token-7".getBytes(StandardCharsets.US_ASCII));
                case 2 -> bytes.write('\n');
                case 3 -> bytes.writeBytes("a".repeat(random.nextInt(200)).getBytes(StandardCharsets.US_ASCII));
                default -> bytes.write(random.nextInt(256));
            }
        }
        return bytes.toByteArray();
    }

    private static List<InsideLine> inPieces(byte[] bytes, Random random) {
        LineCutter cutter = new LineCutter();
        List<InsideLine> lines = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(40));
            lines.addAll(cutter.cut(ByteBuffer.wrap(bytes, at, length)));
            at += length;
        }
        return lines;
    }
}
