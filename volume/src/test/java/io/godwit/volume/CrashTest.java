package io.godwit.volume;

import static io.godwit.volume.CrashingWriter.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes and flushes is killed at random moments: what it said was flushed is there, in order, with nothing left out. */
class CrashTest {
    private static final int CYCLES = 4;
    private static final int LONGEST_LIFE_MILLIS = 900;
    private static final int POINTS_READ = 3;
    private static final ByteCount HISTORY = ByteCount.ofMiB(12);

    @TempDir
    Path directory = Path.of("");

    /** What the process said before it was killed: the last step that was flushed, and its term. */
    private record Said(long flushed, long term) {}

    @Test
    void whatWasFlushedSurvivesAKill() throws Exception {
        survivesKills(HistoryWindow.NONE);
    }

    /** The images are far behind when the process is killed; the past that the log holds can be opened afterwards. */
    @Test
    void historySurvivesAKill() throws Exception {
        survivesKills(new HistoryWindow(HISTORY, Duration.ofHours(1)));
    }

    private void survivesKills(HistoryWindow history) throws Exception {
        long seed = System.nanoTime();
        System.out.println("CrashTest seed " + seed);
        Random random = new Random(seed);
        StoreFixture.primary(directory).close();
        long step = 0;
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            Said said = runAndKill(step + 1, random.nextInt(LONGEST_LIFE_MILLIS), history);
            long found = check(step, said, history);
            if (!history.isNone()) {
                checkPoints(found, history, random);
            }
            assertThat(found).isGreaterThanOrEqualTo(Math.max(step, said.flushed));
            step = found;
        }
        assertThat(step).isPositive();
    }

    private Said runAndKill(long firstStep, int lifeMillis, HistoryWindow history)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(ChildJvm.command(CrashingWriter.class));
        command.addAll(List.of(
                directory.toString(),
                Long.toString(firstStep),
                Long.toString(history.bytes().bytes())));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long flushed = 0;
        long term = 0;
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            long end = Long.MAX_VALUE;
            String line = output.readLine();
            while (line != null) {
                String[] words = line.split(" ", 2);
                switch (words[0]) {
                    case "begun" -> end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(lifeMillis);
                    case "flushed" -> flushed = Math.max(flushed, Long.parseLong(words[1]));
                    case "term" -> term = Math.max(term, Long.parseLong(words[1]));
                    default -> throw new IOException("the writer said: " + line);
                }
                if (System.nanoTime() > end) {
                    process.toHandle().destroyForcibly();
                    end = Long.MAX_VALUE;
                }
                line = output.readLine();
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return new Said(flushed, term);
    }

    /** Compares both disks with what they must hold after some step; returns that step. */
    private long check(long atLeast, Said said, HistoryWindow history) throws IOException {
        try (GroupStore store = GroupStore.open(directory, StoreFixture.LIMITS, history)) {
            assertThat(store.term().value()).isGreaterThanOrEqualTo(said.term);
            byte[][] found = new byte[CrashingWriter.DISKS][];
            for (int disk = 0; disk < found.length; disk++) {
                found[disk] = StoreFixture.read(
                        store.disk(store.disks().get(disk).name()), 0, (int) StoreFixture.DISK_SIZE.bytes());
            }
            long last = Math.max(atLeast, lastStep(found));
            assertThat(describe(found)).isEqualTo(describe(CrashingWriter.contentAfter(last)));
            return last;
        }
    }

    /** What points hold is what the disks held after some step, and an older point no newer step. */
    private void checkPoints(long lastStep, HistoryWindow history, Random random) throws IOException {
        try (GroupStore store = GroupStore.open(directory, StoreFixture.LIMITS, history)) {
            List<Position> ends = PointViewTest.ends(store, store.history().oldest());
            int share = ends.size() / POINTS_READ;
            long newer = lastStep;
            for (int i = POINTS_READ - 1; i >= 0; i--) {
                Optional<byte[][]> kept = read(store, ends.get(i * share + random.nextInt(Math.max(1, share))));
                if (kept.isEmpty()) {
                    break;
                }
                byte[][] found = kept.get();
                long step = lastStep(found);
                assertThat(step).isLessThanOrEqualTo(newer);
                assertThat(describe(found)).isEqualTo(describe(CrashingWriter.contentAfter(step)));
                newer = step;
            }
        }
    }

    /** Empty when the window has moved on beyond the point: what the log held of it was more than its bytes. */
    private static Optional<byte[][]> read(GroupStore store, Position at) throws IOException {
        byte[][] found = new byte[CrashingWriter.DISKS][(int) StoreFixture.DISK_SIZE.bytes()];
        try (PointView point = store.history().open(at)) {
            for (int disk = 0; disk < found.length; disk++) {
                point.read(store.disks().get(disk).name(), 0, ByteBuffer.wrap(found[disk]));
            }
        } catch (GodwitException gone) {
            assertThat(store.history().oldest()).as(gone.sentence()).isGreaterThan(at);
            return Optional.empty();
        }
        return Optional.of(found);
    }

    private static long lastStep(byte[][] disks) {
        long last = 0;
        for (byte[] disk : disks) {
            for (int at = 0; at < disk.length; at += BLOCK_BYTES) {
                last = Math.max(last, ByteBuffer.wrap(disk).getLong(at));
            }
        }
        return last;
    }

    /** For each block, the step that wrote it, and whether it did so whole. */
    private static String describe(byte[][] disks) {
        StringBuilder text = new StringBuilder();
        for (byte[] disk : disks) {
            for (int at = 0; at < disk.length; at += BLOCK_BYTES) {
                long step = ByteBuffer.wrap(disk).getLong(at);
                byte[] block = Arrays.copyOfRange(disk, at, at + BLOCK_BYTES);
                boolean whole = Arrays.equals(block, step == 0 ? new byte[BLOCK_BYTES] : CrashingWriter.block(step));
                text.append(step).append(whole ? " " : "! ");
            }
            text.append('\n');
        }
        return text.toString();
    }
}
