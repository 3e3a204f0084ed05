package io.godwit.memory;

import io.godwit.core.ByteCount;
import io.godwit.core.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A whole transfer in miniature within this process, so that the code that runs while a guest stands still is compiled
 * before the first guest does. Without it the first rounds after a daemon's start scan ten times slower, and so may the one that counts.
 */
public final class Rehearsal {
    private static final ByteCount RAM = ByteCount.ofMiB(4);
    private static final int ROUNDS = 60;
    private static final int CHANGES = 64;
    private static final int STATE_BYTES = 256 << 10;
    private static final int PIPE_BYTES = 64 << 10;

    private Rehearsal() {}

    /** Takes about a second of one processor, and 8 MiB in {@code directory} for that time. */
    public static void run(Path directory) throws IOException, InterruptedException {
        loadKindsOfSegments();
        try (RamFile source = map(directory);
                RamFile target = map(directory)) {
            transfer(source, target);
        }
    }

    /**
     * Code that was compiled while only some kinds of heap segments were loaded is thrown away when another one is:
     * Jackson's parser of decimal numbers did that, at QEMU's first answer with one, in the middle of a pause.
     */
    private static void loadKindsOfSegments() {
        List<MemorySegment> kinds = List.of(
                MemorySegment.ofArray(new byte[1]),
                MemorySegment.ofArray(new char[1]),
                MemorySegment.ofArray(new short[1]),
                MemorySegment.ofArray(new int[1]),
                MemorySegment.ofArray(new long[1]),
                MemorySegment.ofArray(new float[1]),
                MemorySegment.ofArray(new double[1]));
        kinds.forEach(kind -> kind.fill((byte) 0));
    }

    /** A file that is gone as soon as it is mapped, so that nothing stays of a rehearsal that is cut off. */
    private static RamFile map(Path directory) throws IOException {
        Path path = Files.createTempFile(directory, "rehearsal-", ".ram");
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(1), RAM.bytes() - 1);
            return RamFile.map(path, RAM);
        } finally {
            Files.deleteIfExists(path);
        }
    }

    private static void transfer(RamFile source, RamFile target) throws IOException, InterruptedException {
        PipedInputStream atTarget = new PipedInputStream(PIPE_BYTES);
        PipedInputStream atSource = new PipedInputStream(PIPE_BYTES);
        Channel sending = new Pipe(atSource, new PipedOutputStream(atTarget));
        Channel receiving = new Pipe(atTarget, new PipedOutputStream(atSource));
        MemoryLimits limits = MemoryLimits.standard();
        try (MemoryReceiver receiver = new MemoryReceiver(target, receiving, limits)) {
            Callable<ReceivedMemory> run = receiver::run;
            FutureTask<ReceivedMemory> received = new FutureTask<>(run);
            Thread.ofVirtual().name("memory-rehearsal").start(received);
            send(source, sending, limits);
            received.get();
            PageDigests.of(target).differingFrom(PageDigests.of(source));
        } catch (ExecutionException failure) {
            throw new IOException("the rehearsal failed", failure);
        }
    }

    private static void send(RamFile source, Channel channel, MemoryLimits limits)
            throws IOException, InterruptedException {
        Random random = new Random(1);
        byte[] state = new byte[STATE_BYTES];
        random.nextBytes(state);
        try (MemorySender sender = MemorySender.open(source, channel, limits, MemoryProgress.NONE)) {
            sender.sendReference(state);
            for (int round = 0; round < ROUNDS; round++) {
                change(source, random);
                sender.round();
            }
            change(source, random);
            sender.finalRound(() -> state);
            sender.awaitReceived();
        }
    }

    private static void change(RamFile ram, Random random) {
        for (int i = 0; i < CHANGES; i++) {
            long page = random.nextLong(ram.pages()) * RamFile.PAGE_BYTES;
            MemorySegment changed = ram.memory().asSlice(page, random.nextInt(1, RamFile.PAGE_BYTES));
            changed.fill((byte) random.nextInt());
        }
    }

    private record Pipe(InputStream input, OutputStream output) implements Channel {
        @Override
        public void close() throws IOException {
            output.close();
            input.close();
        }
    }
}
