package io.godwit.replication.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.volume.DigestTree;
import io.godwit.volume.LogEnd;
import io.godwit.volume.LogRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CodecFuzzTest {
    private static final int MUTATIONS = 20_000;
    private static final List<Question> QUESTIONS = List.of(
            new Question.Meet(new Position(4096), 1 << 20),
            new Question.Digests(new DiskName("root"), DigestTree.TOP_LEVEL, 77, Question.MOST_DIGESTS),
            new Question.Records(new LogEnd(new Position(4096), -7)));
    private static final List<Answer> ANSWERS = List.of(
            new Answer.Met(new Position(8192)),
            new Answer.Digests(List.of(new byte[DigestTree.DIGEST_BYTES], new byte[DigestTree.DIGEST_BYTES])),
            new Answer.Records(ByteBuffer.allocate(LogRecord.HEADER_BYTES)),
            new Answer.Ended("room was needed"),
            new Answer.Trouble(ErrorCode.NOT_FOUND, "there is no such disk"));

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static byte[] bytes(Writing writing) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writing.to(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static DataInputStream input(byte[] bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }

    @Test
    void whatIsSaidIsUnderstood() throws IOException {
        for (Question question : QUESTIONS) {
            assertThat(Question.read(input(bytes(out -> Question.write(out, question)))))
                    .contains(question);
        }
        for (Answer answer : ANSWERS) {
            assertThat(Answer.read(input(bytes(out -> Answer.write(out, answer)))))
                    .usingRecursiveComparison()
                    .isEqualTo(answer);
        }
        assertThat(Question.read(input(new byte[0]))).isEmpty();
    }

    @Test
    void otherBytesAreRefusedOrUnderstoodAndNothingElse() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int mutation = 0; mutation < MUTATIONS; mutation++) {
            boolean question = random.nextBoolean();
            Question asked = QUESTIONS.get(random.nextInt(QUESTIONS.size()));
            Answer answered = ANSWERS.get(random.nextInt(ANSWERS.size()));
            byte[] bytes = bytes(out -> {
                if (question) {
                    Question.write(out, asked);
                } else {
                    Answer.write(out, answered);
                }
            });
            for (int change = random.nextInt(4); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                Object read = question ? Question.read(input(bytes)) : Optional.of(Answer.read(input(bytes)));
                assertThat(read).as("seed %d", seed).isNotNull();
            } catch (GodwitException refused) {
                assertThat(refused.sentence()).as("seed %d", seed).isNotEmpty();
            } catch (IOException cut) {
                assertThat(cut).as("seed %d", seed).hasMessageContaining("hung up");
            }
        }
    }
}
