package io.godwit.volume.nbd;

import static io.godwit.volume.StoreFixture.ROOT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;
import io.godwit.volume.StoreFixture;
import io.godwit.volume.nbd.Handshake.Agreement;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send nearly right bytes: the server ends the connection or goes on, and never fails otherwise. */
class NbdFuzzTest {
    private static final int HANDSHAKES = 5_000;
    private static final int SESSIONS = 400;
    private static final int INLET_BYTES = 1 << 20;
    private static final List<Framing> FRAMINGS = List.of(Framing.values());

    @TempDir
    Path directory = Path.of("");

    private static WritableByteChannel nowhere() {
        return Channels.newChannel(OutputStream.nullOutputStream());
    }

    @Test
    void noBytesBreakTheServer() throws Exception {
        long seed = System.nanoTime();
        System.out.println("NbdFuzzTest seed " + seed);
        Random random = new Random(seed);
        try (GroupStore store = StoreFixture.primary(directory)) {
            NbdExport export = new NbdExport("root", store.disk(ROOT), DurabilityRule.local(store));
            Reused channel = new Reused();
            Inlet inlet = new Inlet(channel, INLET_BYTES);
            int agreed = 0;
            int protectedOnes = 0;
            for (int round = 0; round < HANDSHAKES; round++) {
                channel.refill(handshake(random), inlet);
                agreed += shake(inlet, export);
                channel.refill(handshake(random), inlet);
                protectedOnes += protect(inlet);
            }
            assertThat(agreed).as("handshakes that succeeded").isBetween(1, HANDSHAKES - 1);
            assertThat(protectedOnes).as("those that came to TLS").isBetween(1, HANDSHAKES - 1);
            for (int round = 0; round < SESSIONS; round++) {
                Framing framing = FRAMINGS.get(random.nextInt(FRAMINGS.size()));
                channel.refill(requests(random, framing), inlet);
                transmit(inlet, new Agreement(export, framing, random.nextBoolean()));
            }
            assertThat(StoreFixture.read(store.disk(ROOT), 0, 1)).hasSize(1);
            store.awaitDurable(store.head());
        }
    }

    /** A client that sends given bytes and goes away. */
    private static final class Reused implements ReadableByteChannel {
        private ByteBuffer bytes = ByteBuffer.allocate(0);

        void refill(ByteBuffer next, Inlet inlet) throws IOException {
            bytes = ByteBuffer.allocate(0);
            while (inlet.holds(1)) {
                inlet.take(1);
            }
            bytes = next;
        }

        @Override
        public int read(ByteBuffer into) {
            if (!bytes.hasRemaining()) {
                return -1;
            }
            int length = Math.min(into.remaining(), bytes.remaining());
            into.put(bytes.slice(bytes.position(), length));
            bytes.position(bytes.position() + length);
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private int shake(Inlet inlet, NbdExport export) {
        try {
            OptionReplies replies = new OptionReplies(nowhere());
            Optional<Greeting> greeting = Greeting.exchange(inlet, replies);
            return greeting.isPresent()
                            && new Handshake(inlet, replies, greeting.get(), new Exports(List.of(export)))
                                    .run()
                                    .isPresent()
                    ? 1
                    : 0;
        } catch (IOException | InterruptedException ended) {
            return 0;
        }
    }

    private static int protect(Inlet inlet) {
        try {
            return new ForcedTls(inlet, new OptionReplies(nowhere())).agreed().isPresent() ? 1 : 0;
        } catch (IOException ended) {
            return 0;
        }
    }

    private void transmit(Inlet inlet, Agreement agreement) throws InterruptedException {
        try {
            new Transmission(inlet, new Replies(nowhere(), agreement.framing()), agreement).run();
        } catch (IOException ended) {
            assertThat(ended).hasMessageMatching("the client .*");
        }
    }

    private static ByteBuffer handshake(Random random) {
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        bytes.putInt(random.nextInt(4));
        for (int option = random.nextInt(6); option >= 0; option--) {
            int number = random.nextInt(13);
            ByteBuffer data = number == NbdProtocol.OPT_STARTTLS && random.nextInt(4) > 0
                    ? ByteBuffer.allocate(0)
                    : optionData(random);
            bytes.putLong(NbdProtocol.IHAVEOPT)
                    .putInt(number)
                    .putInt(random.nextInt(10) == 0 ? random.nextInt() : data.remaining())
                    .put(data);
        }
        return mutate(bytes, random);
    }

    private static ByteBuffer optionData(Random random) {
        ByteBuffer data = ByteBuffer.allocate(256);
        byte[] name = (random.nextBoolean() ? "root" : "base:allocation").getBytes(UTF_8);
        switch (random.nextInt(4)) {
            case 0 -> data.put(name);
            case 1 -> data.putInt(name.length).put(name).putShort((short) 1).putShort((short) random.nextInt(5));
            case 2 ->
                data.putInt(4)
                        .put("root".getBytes(UTF_8))
                        .putInt(1)
                        .putInt(name.length)
                        .put(name);
            default -> data.put(new byte[random.nextInt(40)]);
        }
        return data.flip();
    }

    private static ByteBuffer requests(Random random, Framing framing) {
        ByteBuffer bytes = ByteBuffer.allocate(64 << 10);
        for (int request = random.nextInt(10); request >= 0; request--) {
            addRequest(bytes, random, framing, request);
        }
        return mutate(bytes, random);
    }

    private static void addRequest(ByteBuffer bytes, Random random, Framing framing, int cookie) {
        int type = random.nextInt(9);
        boolean extended = framing == Framing.EXTENDED;
        boolean payload = type == 1 || (extended && random.nextInt(4) == 0);
        int length = type == 7 && payload && random.nextInt(4) > 0 ? 12 : random.nextInt(5000);
        int strange = random.nextInt(3) == 0 ? random.nextInt(64) : 0;
        short flags = (short) (extended && payload ? strange | NbdProtocol.CMD_FLAG_PAYLOAD_LEN : strange);
        bytes.putInt(extended ? NbdProtocol.EXTENDED_REQUEST_MAGIC : NbdProtocol.REQUEST_MAGIC)
                .putShort(flags)
                .putShort((short) type)
                .putLong(cookie)
                .putLong(type == 3 ? 0 : random.nextLong(StoreFixture.DISK_SIZE.bytes()));
        if (extended) {
            bytes.putLong(type == 3 ? 0 : random.nextInt(8) == 0 ? random.nextLong() : length);
        } else {
            bytes.putInt(type == 3 ? 0 : length);
        }
        if (payload && length == 12) {
            bytes.putLong(random.nextInt(8) == 0 ? random.nextLong() : 4096).putInt(random.nextInt(3));
        } else {
            bytes.position(bytes.position() + (payload ? length : 0));
        }
    }

    private static ByteBuffer mutate(ByteBuffer filled, Random random) {
        filled.flip();
        for (int flip = random.nextInt(3); flip > 0; flip--) {
            filled.put(random.nextInt(filled.limit()), (byte) random.nextInt());
        }
        return random.nextInt(4) == 0 ? filled.limit(random.nextInt(filled.limit())) : filled;
    }
}
