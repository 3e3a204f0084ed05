package io.godwit.replication;

import io.godwit.core.DiskName;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * What one writer did to its part of a disk, a step after the other, and what it was promised. It knows what that part
 * must hold after each step, and so at which step any copy of it is, if at one. Thread-safe.
 */
final class WriterDiary {
    static final int PART_BYTES = 2 << 20;
    private static final int BLOCK_BYTES = 4096;
    private static final int BLOCKS = PART_BYTES / BLOCK_BYTES;
    private static final int MAX_BLOCKS = 24;
    private static final int ONE_IN_CLEARS = 6;
    private static final int MOST_TEXT = 4_000;

    /** One change: blocks that all name it, or zeroes. */
    record Step(long number, PlainNbd.Command command, int offset, int length) {
        byte[] content() {
            byte[] bytes = new byte[length];
            if (command == PlainNbd.Command.WRITE) {
                Arrays.fill(bytes, (byte) number);
                for (int at = 0; at < length; at += BLOCK_BYTES) {
                    ByteBuffer.wrap(bytes).putLong(at, number);
                }
            }
            return bytes;
        }
    }

    private record Entry(Step step, long begun, long answered) {}

    /** A copy is what it was after these steps, which made no difference to each other. */
    record Found(long least, long most) {}

    private final DiskName disk;
    private final long diskOffset;
    private final Random random;
    private final byte[] floor = new byte[PART_BYTES];
    private final List<Entry> entries = new ArrayList<>();
    private long floorStep;
    private long next = 1;
    private long answered;
    private long safeHere;
    private long safeThere;

    WriterDiary(DiskName disk, long diskOffset, long seed) {
        this.disk = disk;
        this.diskOffset = diskOffset;
        this.random = new Random(seed);
    }

    DiskName disk() {
        return disk;
    }

    long diskOffset() {
        return diskOffset;
    }

    synchronized Step begin() {
        int blocks = 1 + random.nextInt(MAX_BLOCKS);
        PlainNbd.Command command = random.nextInt(ONE_IN_CLEARS) > 0
                ? PlainNbd.Command.WRITE
                : random.nextBoolean() ? PlainNbd.Command.TRIM : PlainNbd.Command.ZEROES;
        Step step = new Step(next++, command, random.nextInt(BLOCKS - blocks) * BLOCK_BYTES, blocks * BLOCK_BYTES);
        entries.add(new Entry(step, System.nanoTime(), Long.MAX_VALUE));
        return step;
    }

    synchronized void answered() {
        Entry last = entries.removeLast();
        entries.add(new Entry(last.step, last.begun, System.nanoTime()));
        answered = last.step.number;
    }

    /** The last step was refused: it must not have changed anything. */
    synchronized void refused() {
        entries.removeLast();
    }

    /** The last step that was answered. */
    synchronized long lastAnswered() {
        return answered;
    }

    /** All up to a step was said to be safe at the source, and perhaps at the replica too. */
    synchronized void safe(long step, boolean atReplica) {
        safeHere = Math.max(safeHere, step);
        safeThere = atReplica ? Math.max(safeThere, step) : safeThere;
    }

    synchronized long safeHere() {
        return safeHere;
    }

    synchronized long safeThere() {
        return safeThere;
    }

    /** At which step that content is; none if at no step, or at one before the last that was forgotten. */
    synchronized Found find(byte[] content) {
        byte[] model = floor.clone();
        long least = Arrays.equals(model, content) ? floorStep : -1;
        long most = least;
        for (Entry entry : entries) {
            apply(entry.step, model);
            if (Arrays.equals(model, content)) {
                most = entry.step.number;
                least = least < 0 ? most : least;
            }
        }
        if (least < 0) {
            throw new AssertionError(
                    "no step of %s+%d explains what is there; steps %d to %d are known, %d was safe here and %d there; after the last one %s"
                            .formatted(
                                    disk,
                                    diskOffset,
                                    floorStep,
                                    next - 1,
                                    safeHere,
                                    safeThere,
                                    difference(model, content)));
        }
        return new Found(least, most);
    }

    private static String difference(byte[] expected, byte[] found) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < found.length && text.length() < MOST_TEXT; at += BLOCK_BYTES) {
            if (!Arrays.equals(expected, at, at + BLOCK_BYTES, found, at, at + BLOCK_BYTES)) {
                text.append("block %d should be of step %d and is of step %d; "
                        .formatted(
                                at / BLOCK_BYTES,
                                ByteBuffer.wrap(expected).getLong(at),
                                ByteBuffer.wrap(found).getLong(at)));
            }
        }
        return text.toString();
    }

    private static void apply(Step step, byte[] model) {
        System.arraycopy(step.content(), 0, model, step.offset, step.length);
    }

    /** When the step was begun; a very long time ago if it is forgotten. */
    synchronized long begun(long step) {
        return entries.stream()
                .filter(entry -> entry.step.number == step)
                .mapToLong(Entry::begun)
                .findFirst()
                .orElse(Long.MIN_VALUE);
    }

    /** When the first step behind that one was answered; never if it wasn't. */
    synchronized long firstAnsweredBehind(long step) {
        return entries.stream()
                .filter(entry -> entry.step.number > step)
                .mapToLong(Entry::answered)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    /** What was begun and not answered is now known to have been done up to that step, and not beyond. */
    synchronized void settle(long done) {
        long now = System.nanoTime();
        entries.removeIf(entry -> entry.step.number > done);
        entries.replaceAll(entry -> entry.answered < Long.MAX_VALUE ? entry : new Entry(entry.step, entry.begun, now));
        answered = Math.max(answered, done);
    }

    /** No copy will be older from now on. */
    synchronized void forget(long before) {
        while (!entries.isEmpty()
                && entries.getFirst().step.number <= before
                && entries.getFirst().answered < Long.MAX_VALUE) {
            Step step = entries.removeFirst().step;
            apply(step, floor);
            floorStep = step.number;
        }
    }
}
