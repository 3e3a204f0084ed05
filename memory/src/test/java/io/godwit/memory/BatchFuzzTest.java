package io.godwit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever bytes come, the decoders refuse or obey, and a refused batch changes nothing. */
class BatchFuzzTest {
    private static final int PAGES = 96;

    @TempDir
    Path directory = Path.of("");

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @BeforeEach
    void printSeed() {
        System.out.println("seed " + seed);
    }

    /** A few damaged batches decompress to the same bytes as before: those may be taken, with the right result. */
    @Test
    void aDamagedBatchIsRefusedWholeOrDoesNoHarm() throws IOException {
        byte[] batch = batch();
        MemorySegment untouched = MemorySegment.ofArray(new byte[PAGES * 4096]);
        MemorySegment wanted = MemorySegment.ofArray(new byte[PAGES * 4096]);
        try (BatchDecoder decoder = new BatchDecoder(wanted)) {
            decoder.apply(ByteBuffer.wrap(batch));
        }
        MemorySegment ram = MemorySegment.ofArray(new byte[PAGES * 4096]);
        int refused = 0;
        try (BatchDecoder decoder = new BatchDecoder(ram)) {
            for (int i = 0; i < 3_000; i++) {
                boolean taken = apply(decoder, damage(batch));
                assertThat(ram.mismatch(taken ? wanted : untouched))
                        .as("seed %d", seed)
                        .isEqualTo(-1);
                ram.fill((byte) 0);
                refused += taken ? 0 : 1;
            }
        }
        assertThat(refused).isGreaterThan(2_000);
    }

    @Test
    void aHeaderOfAnyBytesIsRefusedOrLiesWithinTheRam() {
        for (int i = 0; i < 50_000; i++) {
            byte[] header = new byte[random.nextInt(12)];
            random.nextBytes(header);
            int pages = random.nextInt(4);
            try {
                for (PageRun run : PageRun.decode(ByteBuffer.wrap(header), pages, PAGES)) {
                    assertThat(run.first()).isBetween(0L, (long) PAGES);
                    assertThat(run.first() + run.count()).isLessThanOrEqualTo(PAGES);
                }
            } catch (GodwitException refused) {
                assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT);
            }
        }
    }

    @Test
    void anyStreamOfBytesEndsInARefusalOrItsEnd() throws IOException {
        byte[] frames = frames();
        for (int i = 0; i < 5_000; i++) {
            FrameReader reader = new FrameReader(new ByteArrayInputStream(damage(frames)));
            try {
                for (int frame = 0; frame < frames.length; frame++) {
                    unpack(reader.next());
                }
            } catch (GodwitException refused) {
                assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT);
            } catch (EOFException end) {
                assertThat(reader.read()).isLessThanOrEqualTo(frames.length);
            } catch (RuntimeException fault) {
                fail("seed " + seed, fault);
            }
        }
    }

    private static void unpack(Frame frame) {
        if (frame instanceof Frame.DeviceState(PackedBytes content)) {
            content.unpack(new byte[0]);
        }
    }

    private static byte[] frames() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        FrameWriter writer = new FrameWriter(bytes);
        writer.write(new Frame.Hello(1, 4096, ByteCount.ofMiB(1)));
        writer.write(new Frame.Pulse());
        writer.write(new Frame.EndOfRound(1));
        writer.write(new Frame.Refused("no"));
        writer.write(new Frame.DeviceState(PackedBytes.pack(new byte[] {1, 2, 3}, new byte[0])));
        writer.write(new Frame.End(1, 2));
        writer.write(new Frame.Machines(1, 4096, List.of(new MachineRam(new VmName("db"), ByteCount.ofMiB(1)))));
        writer.write(new Frame.Machine(0));
        writer.write(new Frame.Checkpoint(new CheckpointId(1, Term.FIRST, Position.START, 1)));
        return bytes.toByteArray();
    }

    private byte[] batch() throws IOException {
        try (RamFile ram = Ram.create(directory.resolve("source"), PAGES * 4096L);
                BatchEncoder encoder = new BatchEncoder(ram.memory(), MemorySegment.ofArray(new byte[PAGES * 4096]))) {
            for (int page = 0; page < PAGES; page++) {
                ram.memory().asSlice(page * 4096L, 4096).fill((byte) (page % 3));
                encoder.addFirst(page, HeldPages.NONE);
                if (encoder.isFull()) {
                    break;
                }
            }
            ByteBuffer payload = encoder.finish();
            byte[] bytes = new byte[payload.remaining()];
            payload.get(bytes);
            return bytes;
        }
    }

    private byte[] damage(byte[] bytes) {
        byte[] damaged =
                random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes.clone();
        for (int i = random.nextInt(3); i >= 0 && damaged.length > 0; i--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        return damaged;
    }

    private static boolean apply(BatchDecoder decoder, byte[] payload) {
        try {
            decoder.apply(ByteBuffer.wrap(payload));
            return true;
        } catch (GodwitException refused) {
            assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT);
            return false;
        }
    }
}
