package io.godwit.volume;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** The process that {@link CrashTest} kills: writes step after step, while other threads flush and say so. */
final class CrashingWriter {
    static final int BLOCK_BYTES = 4096;
    static final int DISKS = 2;
    private static final int BLOCKS = (int) (StoreFixture.DISK_SIZE.bytes() / BLOCK_BYTES);
    private static final int FLUSHERS = 3;
    private static final int STEPS_A_TERM = 500;

    private CrashingWriter() {}

    public static void main(String[] arguments) throws Exception {
        HistoryWindow history = new HistoryWindow(new ByteCount(Long.parseLong(arguments[2])), Duration.ofHours(1));
        GroupStore store = GroupStore.open(Path.of(arguments[0]), StoreFixture.LIMITS, history);
        long step = Long.parseLong(arguments[1]);
        AtomicLong done = new AtomicLong(step - 1);
        if (store.role() == Role.REPLICA) {
            store.promote(store.term().next());
        }
        say("begun");
        for (int flusher = 0; flusher < FLUSHERS; flusher++) {
            Thread.ofVirtual().start(() -> flushForEver(store, done));
        }
        while (true) {
            take(step, store);
            done.set(step);
            if (step % STEPS_A_TERM == 0) {
                store.fence();
                store.promote(store.term().next());
                say("term " + store.term());
            }
            step++;
        }
    }

    private static void flushForEver(GroupStore store, AtomicLong done) {
        try {
            while (true) {
                long step = done.get();
                Position head = store.head();
                store.awaitDurable(head);
                say("flushed " + step);
            }
        } catch (InterruptedException never) {
            throw new IllegalStateException(never);
        }
    }

    private static synchronized void say(String line) {
        PrintStream output = System.out;
        output.print(line + "\n");
        output.flush();
    }

    /** What a step does: a write of some blocks, all saying which step it was. */
    private record Step(int disk, int firstBlock, int blocks) {
        static Step of(long number) {
            Random random = new Random(number * 7919);
            int blocks = 1 + random.nextInt(random.nextInt(20) == 0 ? 256 : 16);
            return new Step(random.nextInt(DISKS), random.nextInt(BLOCKS - blocks), blocks);
        }
    }

    private static void take(long number, GroupStore store) throws IOException {
        Step step = Step.of(number);
        ByteBuffer content = ByteBuffer.allocateDirect(step.blocks * BLOCK_BYTES);
        byte[] block = block(number);
        while (content.hasRemaining()) {
            content.put(block);
        }
        store.disk(store.disks().get(step.disk).name()).write((long) step.firstBlock * BLOCK_BYTES, content.flip());
    }

    static byte[] block(long number) {
        byte[] block = new byte[BLOCK_BYTES];
        Arrays.fill(block, (byte) number);
        ByteBuffer.wrap(block).putLong(0, number);
        return block;
    }

    /** What the disks hold after a step. */
    static byte[][] contentAfter(long last) {
        byte[][] disks = new byte[DISKS][BLOCKS * BLOCK_BYTES];
        for (long number = 1; number <= last; number++) {
            Step step = Step.of(number);
            byte[] block = block(number);
            for (int index = 0; index < step.blocks; index++) {
                System.arraycopy(block, 0, disks[step.disk], (step.firstBlock + index) * BLOCK_BYTES, BLOCK_BYTES);
            }
        }
        return disks;
    }
}
