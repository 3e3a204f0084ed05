package io.godwit.lab.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RespReaderTest {
    private static final int FUZZ_ROUNDS = 20_000;

    @Test
    void repliesOfEveryKindAreRead() throws IOException {
        RespReader reader = reader("+OK\r\n:42\r\n$5\r\nhe\r\nl\r\n$0\r\n\r\n$-1\r\n-LOADING wait\r\n");
        assertThat(reader.read()).isEqualTo(new RedisReply.Value("OK"));
        assertThat(reader.read()).isEqualTo(new RedisReply.Value("42"));
        assertThat(reader.read()).isEqualTo(new RedisReply.Value("he\r\nl"));
        assertThat(reader.read()).isEqualTo(new RedisReply.Value(""));
        assertThat(reader.read()).isEqualTo(new RedisReply.Absent());
        assertThat(reader.read()).isEqualTo(new RedisReply.Refused("LOADING wait"));
        assertThatThrownBy(reader::read).isInstanceOf(EOFException.class);
    }

    @Test
    void whatIsNoReplyIsRefused() {
        assertRefused("*1\r\n:1\r\n", "unknown kind");
        assertRefused("$x\r\n", "without a length");
        assertRefused("$-2\r\n", "limit");
        assertRefused("$65537\r\n", "limit");
        assertRefused("$1\r\nab\r\n", "longer than it said");
        assertRefused("+OK\rx", "wrong end");
        assertRefused("+" + "x".repeat(RespReader.MAX_LINE_BYTES + 1) + "\r\n", "longer than");
        assertRefused("$5\r\nab", "middle of a value");
    }

    @Test
    void anyBytesEndInAReplyOrAnIoException() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < FUZZ_ROUNDS; round++) {
            byte[] bytes = bytes(random);
            try {
                readAll(bytes);
            } catch (RuntimeException | Error failure) {
                throw new AssertionError("seed " + seed + ", round " + round, failure);
            }
        }
    }

    /** Mostly bytes that mean something in the protocol. */
    private static byte[] bytes(Random random) {
        String alphabet = "+-:$*0123456789\r\n\r\nab";
        byte[] bytes = new byte[random.nextInt(64)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte)
                    (random.nextInt(8) == 0 ? random.nextInt(256) : alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return bytes;
    }

    private static void readAll(byte[] bytes) {
        RespReader reader = new RespReader(new ByteArrayInputStream(bytes));
        try {
            while (true) {
                assertThat(reader.read()).isNotNull();
            }
        } catch (IOException expected) {
            assertThat(expected.getMessage()).startsWith("Redis");
        }
    }

    private static void assertRefused(String text, String sentence) {
        assertThatThrownBy(() -> reader(text).read())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(sentence);
    }

    private static RespReader reader(String text) {
        return new RespReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
