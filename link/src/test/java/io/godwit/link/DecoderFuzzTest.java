package io.godwit.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** No bytes from outside make a decoder do anything but return a message or refuse it. */
class DecoderFuzzTest {
    private static final int ROUNDS = 5_000;

    private interface Decoder {
        Object decode(DataInputStream in) throws IOException;
    }

    private interface Encoder {
        void encode(DataOutputStream out) throws IOException;
    }

    @Test
    void hello() throws IOException {
        fuzz(out -> new Hello(ChannelKind.MEMORY, Optional.of(new GroupName("shop"))).write(out), Hello::read);
    }

    @Test
    void verdict() throws IOException {
        GodwitException refusal = new GodwitException(ErrorCode.DENIED, "not you");
        fuzz(out -> Verdict.refused(refusal).write(out), Verdict::read);
    }

    @Test
    void pairingRequest() throws IOException {
        byte[] secret = new byte[PairingToken.SECRET_BYTES];
        fuzz(out -> new PairingRequest(secret, "east:7443", new byte[200]).write(out), PairingRequest::read);
    }

    @Test
    void texts() throws IOException {
        fuzz(
                out -> out.writeBytes("east.west.godwit.internal"),
                in -> CallName.parse(text(in)).orElseThrow(() -> new IOException("no call")));
        fuzz(out -> out.writeBytes("[2001:db8::1]:7443"), in -> PeerAddress.parse(text(in)));
        String token = new PairingToken(new byte[32], Fingerprint.of(new byte[32])).text();
        fuzz(out -> out.writeBytes(token), in -> PairingToken.parse(text(in)));
        fuzz(out -> out.write(new byte[300]), in -> Pem.certificate(in.readAllBytes()));
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static void fuzz(Encoder encoder, Decoder decoder) throws IOException {
        long seed = System.nanoTime();
        System.out.println("fuzz seed " + seed);
        Random random = new Random(seed);
        ByteArrayOutputStream sample = new ByteArrayOutputStream();
        encoder.encode(new DataOutputStream(sample));
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = damage(sample.toByteArray(), random);
            try {
                assertThat(decoder.decode(new DataInputStream(new ByteArrayInputStream(bytes))))
                        .isNotNull();
            } catch (IOException | GodwitException expected) {
                refused++;
            }
        }
        assertThat(refused).as("seed %d", seed).isPositive();
    }

    private static byte[] damage(byte[] sample, Random random) {
        if (random.nextInt(4) == 0) {
            byte[] noise = new byte[random.nextInt(400)];
            random.nextBytes(noise);
            return noise;
        }
        byte[] damaged = Arrays.copyOf(sample, random.nextInt(sample.length + 1));
        for (int i = random.nextInt(4); i > 0 && damaged.length > 0; i--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        return damaged;
    }
}
