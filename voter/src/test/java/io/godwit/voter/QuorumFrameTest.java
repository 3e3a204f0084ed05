package io.godwit.voter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.voter.QuorumFrame.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuorumFrameTest {
    private static final int ROUNDS = 50_000;

    private static byte[] written(QuorumFrame frame) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        frame.write(out);
        return out.toByteArray();
    }

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        for (Kind kind : Kind.values()) {
            QuorumFrame frame = new QuorumFrame(kind, new byte[] {1, 2, 3});
            assertThat(QuorumFrame.read(new ByteArrayInputStream(written(frame))))
                    .contains(frame);
        }
        assertThat(QuorumFrame.read(new ByteArrayInputStream(new byte[0]))).isEmpty();
    }

    @Test
    void noFrameIsLargerThanItsBound() throws Exception {
        QuorumFrame largest = new QuorumFrame(Kind.APPEND, new byte[QuorumFrame.MAX_BODY_BYTES]);
        byte[] bytes = written(largest);
        assertThat(QuorumFrame.read(new ByteArrayInputStream(bytes))).contains(largest);
        QuorumFrame larger = new QuorumFrame(Kind.APPEND, new byte[QuorumFrame.MAX_BODY_BYTES + 1]);
        assertThatThrownBy(() -> written(larger)).hasMessageContaining("larger than any");
        bytes[3]++;
        assertThatThrownBy(() -> QuorumFrame.read(new ByteArrayInputStream(bytes)))
                .hasMessageContaining("larger than any");
    }

    @Test
    void aFrameThatEndsEarlyIsNone() throws Exception {
        byte[] bytes = written(new QuorumFrame(Kind.VOTE, new byte[100]));
        for (int length = 1; length < bytes.length; length++) {
            ByteArrayInputStream cut = new ByteArrayInputStream(bytes, 0, length);
            assertThatThrownBy(() -> QuorumFrame.read(cut)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aRefusalIsAShortSentenceWithoutControlCharacters() {
        QuorumFrame refusal = QuorumFrame.refusal("no\u001b[2J\n" + "x".repeat(10_000));
        assertThat(refusal.text()).startsWith("no?[2J?").hasSizeLessThan(1_000);
    }

    @Test
    void whateverComesIsAFrameOrRefused() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            if (random.nextBoolean() && bytes.length > 3) {
                bytes[0] = bytes[1] = bytes[2] = 0;
            }
            try {
                Optional<QuorumFrame> frame = QuorumFrame.read(new ByteArrayInputStream(bytes));
                assertThat(frame.isPresent()).as("seed %d", seed).isEqualTo(bytes.length > 0);
            } catch (IOException refused) {
                assertThat(refused).as("seed %d", seed).hasMessageNotContaining("null pointer");
            } catch (RuntimeException wrong) {
                throw new AssertionError("seed " + seed, wrong);
            }
        }
    }
}
