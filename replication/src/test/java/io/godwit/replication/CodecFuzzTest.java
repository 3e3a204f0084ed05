package io.godwit.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.Channel;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.replication.ReplicaMessage.Holding;
import io.godwit.volume.LogEnd;
import io.godwit.volume.TermStart;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** Messages come out as they went in, and no bytes from outside make a decoder do anything but refuse them. */
class CodecFuzzTest {
    private static final int ROUNDS = 4_000;
    private static final List<DiskShape> DISKS = List.of(
            new DiskShape(new DiskName("root"), ByteCount.ofMiB(8)),
            new DiskShape(new DiskName("data"), ByteCount.ofMiB(4096)));
    private static final LogEnd END = new LogEnd(new Position(1 << 20), 0x80001234);
    private static final Packed CONTENT = new Packed(Packed.AS_IS, 5, ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}));

    private static final ReplicaMessage.EarlyRoom EARLY =
            new ReplicaMessage.EarlyRoom(END.position(), ByteCount.ofKiB(3), ByteCount.ofMiB(28));

    private static final List<TermStart> TERMS =
            List.of(new TermStart(Term.FIRST, LogEnd.NOTHING), new TermStart(new Term(9), END));
    private static final Holding.Complete COMPLETE = new Holding.Complete(
            DISKS,
            new Term(9),
            END,
            TERMS,
            Optional.of(new ReplicaMessage.Parted(END, true, List.of(new DiskRun(1, 1L << 33, 1 << 16)))));

    private static final List<SourceMessage> FROM_SOURCE = List.of(
            new SourceMessage.Hello(Wire.VERSION, new GroupName("shop"), Term.FIRST, DISKS, new Salt(-3, 4)),
            new SourceMessage.Continue(),
            new SourceMessage.Seed(END, TERMS, Scope.TRACKED),
            new SourceMessage.TurnBack(END),
            new SourceMessage.Digests(1, 1L << 40, ByteBuffer.wrap(new byte[3 * BlockDigests.DIGEST_BYTES])),
            new SourceMessage.Blocks(1, 1L << 40, 5, 1L << 63, CONTENT),
            new SourceMessage.Blocks(0, 1L << 40, 0, 2, Packed.NOTHING),
            new SourceMessage.Clear(new DiskRun(0, 4096, 1L << 40)),
            new SourceMessage.Records(CONTENT),
            new SourceMessage.Early(new Term(9), END.position(), END.position().plus(96), CONTENT),
            new SourceMessage.Early(Term.FIRST, END.position(), END.position().plus(96), Packed.NOTHING),
            new SourceMessage.Chunk(1, 1L << 40, CONTENT),
            new SourceMessage.SeedMark(new SeedCursor(1, 1L << 33, 77)),
            new SourceMessage.SeedDone(END.position()),
            new SourceMessage.Alive(-5),
            new SourceMessage.Trouble(ErrorCode.NO_SPACE, "the disk is full"));

    private static final List<ReplicaMessage> FROM_REPLICA = List.of(
            new ReplicaMessage.Hello(Wire.VERSION, 1 << 20, EARLY, new Holding.Nothing()),
            new ReplicaMessage.Hello(
                    Wire.VERSION,
                    1 << 20,
                    EARLY,
                    new Holding.Part(DISKS, Term.FIRST, END, new SeedCursor(0, 4096, 4096), Scope.ALL)),
            new ReplicaMessage.Hello(Wire.VERSION, 1 << 20, EARLY, COMPLETE),
            new ReplicaMessage.Hello(Wire.VERSION, 1 << 20, EARLY, new Holding.Images()),
            new ReplicaMessage.Hello(
                    Wire.VERSION,
                    1 << 20,
                    EARLY,
                    new Holding.Repair(COMPLETE, END, new SeedCursor(1, 8192, 9), Scope.TOLD)),
            new ReplicaMessage.Differing(
                    1, 1L << 40, 5, ByteBuffer.wrap(new byte[2 * Long.SIZE * BlockDigests.DIGEST_BYTES])),
            new ReplicaMessage.Ack(END.position(), END.position().plus(9), 12, true),
            new ReplicaMessage.Alive(3),
            new ReplicaMessage.Trouble(ErrorCode.FENCED, "term 1 is over"));

    /** A channel whose output is kept, and whose input was given. */
    private record Recorded(InputStream input, ByteArrayOutputStream output) implements Channel {
        @Override
        public void close() {}

        static Frames playing(byte[] bytes) {
            return frames(new Recorded(new ByteArrayInputStream(bytes), new ByteArrayOutputStream()));
        }

        static Frames frames(Recorded channel) {
            return new Frames(channel, new LongAdder());
        }
    }

    private interface Writer {
        void write(Frames frames) throws IOException;
    }

    private interface Reader {
        Object read(Frames frames) throws IOException;
    }

    private static byte[] written(Writer writer) throws IOException {
        Recorded channel = new Recorded(InputStream.nullInputStream(), new ByteArrayOutputStream());
        writer.write(Recorded.frames(channel));
        return channel.output().toByteArray();
    }

    @Test
    void messagesComeOutAsTheyWentIn() throws IOException {
        for (SourceMessage message : FROM_SOURCE) {
            byte[] bytes = written(frames -> SourceCodec.write(frames, message));
            assertThat(SourceCodec.read(Recorded.playing(bytes).read())).isEqualTo(message);
        }
        for (ReplicaMessage message : FROM_REPLICA) {
            byte[] bytes = written(frames -> ReplicaCodec.write(frames, message));
            assertThat(ReplicaCodec.read(Recorded.playing(bytes).read())).isEqualTo(message);
        }
    }

    @Test
    void damagedMessagesAreRefused() throws IOException {
        long seed = System.nanoTime();
        System.out.println("fuzz seed " + seed);
        Random random = new Random(seed);
        int refused = 0;
        for (SourceMessage message : FROM_SOURCE) {
            refused += fuzz(
                    written(frames -> SourceCodec.write(frames, message)),
                    random,
                    frames -> SourceCodec.read(frames.read()));
        }
        for (ReplicaMessage message : FROM_REPLICA) {
            refused += fuzz(
                    written(frames -> ReplicaCodec.write(frames, message)),
                    random,
                    frames -> ReplicaCodec.read(frames.read()));
        }
        assertThat(refused).as("seed %d", seed).isPositive();
    }

    private static int fuzz(byte[] sample, Random random, Reader reader) {
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            try {
                assertThat(reader.read(Recorded.playing(damage(sample, random))))
                        .isNotNull();
            } catch (IOException | GodwitException expected) {
                refused++;
            }
        }
        return refused;
    }

    private static byte[] damage(byte[] sample, Random random) {
        byte[] damaged = Arrays.copyOf(sample, sample.length - random.nextInt(4) / 3);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        return damaged;
    }

    @Test
    void damagedContentIsRefused() throws IOException {
        long seed = System.nanoTime();
        System.out.println("fuzz seed " + seed);
        Random random = new Random(seed);
        byte[] raw = new byte[4096];
        Arrays.fill(raw, 0, 2000, (byte) 7);
        int refused = 0;
        try (Packer packer = new Packer(new AtomicReference<>(Compression.NOTHING_YET), 0);
                Unpacker unpacker = new Unpacker()) {
            Packed packed = packer.pack(ByteBuffer.wrap(raw));
            assertThat(packed.encoding()).isEqualTo(Packed.ZSTD);
            assertThat(unpacker.unpack(packed)).isEqualTo(ByteBuffer.wrap(raw));
            byte[] sample = new byte[packed.bytes().remaining()];
            packed.bytes().get(sample);
            for (int round = 0; round < ROUNDS; round++) {
                ByteBuffer damaged = ByteBuffer.wrap(damage(sample, random));
                try {
                    int length = random.nextBoolean() ? raw.length : 1 + random.nextInt(Packed.MAX_RAW_BYTES);
                    unpacker.unpack(new Packed(Packed.ZSTD, length, damaged));
                } catch (GodwitException expected) {
                    refused++;
                }
            }
        }
        assertThat(refused).as("seed %d", seed).isPositive();
    }

    @Test
    void whatDoesNotShrinkGoesAsItIs() {
        byte[] noise = new byte[1 << 16];
        new Random(1).nextBytes(noise);
        try (Packer packer = new Packer(new AtomicReference<>(Compression.NOTHING_YET), 0)) {
            for (int i = 0; i < 200; i++) {
                assertThat(packer.pack(ByteBuffer.wrap(noise)).encoding()).isEqualTo(Packed.AS_IS);
            }
            Packed last = packer.pack(ByteBuffer.wrap(new byte[1 << 16]));
            for (int i = 0; i < 200 && last.encoding() == Packed.AS_IS; i++) {
                last = packer.pack(ByteBuffer.wrap(new byte[1 << 16]));
            }
            assertThat(last.encoding()).isEqualTo(Packed.ZSTD);
        }
    }
}
