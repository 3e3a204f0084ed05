package io.godwit.site.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.api.PointWish;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.MarkName;
import io.godwit.core.Position;
import io.godwit.volume.Disk;
import io.godwit.volume.DurabilityRule;
import io.godwit.volume.PointView;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a rewind the disks are what they were, whatever stopped it in between, and it can be taken back. */
class RewindTest {
    private static final MarkName UNDO = new MarkName("before-rewind");

    @TempDir
    Path directory = Path.of("");

    private PastFixture past;
    private Random random = new Random();

    @BeforeEach
    void begin() throws Exception {
        long seed = System.nanoTime();
        System.out.println("RewindTest seed " + seed);
        random = new Random(seed);
        past = new PastFixture(directory);
    }

    @AfterEach
    void end() throws Exception {
        past.close();
    }

    /** Like machines do; returns what the disk holds then. */
    private byte[] write() throws Exception {
        Disk disk = past.store.disk(PastFixture.ROOT);
        for (int i = 0; i < 30; i++) {
            int length = 512 * (1 + random.nextInt(200));
            long offset = 512L * random.nextInt((int) (PastFixture.SIZE.bytes() - length) / 512);
            byte[] content = new byte[length];
            random.nextBytes(content);
            switch (random.nextInt(4)) {
                case 0 -> disk.trim(offset, length);
                case 1 -> disk.zero(offset, length);
                default -> disk.write(offset, ByteBuffer.wrap(content));
            }
        }
        past.store.awaitDurable(past.store.head());
        return content();
    }

    private byte[] content() throws IOException {
        byte[] all = new byte[(int) PastFixture.SIZE.bytes()];
        past.store.disk(PastFixture.ROOT).read(0, ByteBuffer.wrap(all));
        return all;
    }

    private Rewind rewind() {
        return new Rewind(directory);
    }

    private Rewind.Decided prepare(Position to) throws Exception {
        try (PointView view = past.store.history().open(to)) {
            return rewind().prepare(past.store, past.chronicle, view, UNDO);
        }
    }

    private void finish() throws Exception {
        rewind().finish(past.store, past.chronicle, DurabilityRule.none());
    }

    @Test
    void theDisksAreWhatTheyWereAndTheRewindCanBeTakenBack() throws Exception {
        byte[] then = write();
        Position point = past.store.head();
        byte[] later = write();
        Rewind.Decided decided = prepare(point);
        assertThat(decided.from()).isGreaterThan(point);
        assertThat(content()).as("nothing has been written yet").isEqualTo(later);
        finish();
        assertThat(content()).isEqualTo(then);
        assertThat(rewind().decided()).isEmpty();
        assertThat(directory.resolve("rewind.data")).doesNotExist();
        Position undo = Points.of(past.store).find(PointWish.parse(UNDO.value()));
        prepare(undo);
        finish();
        assertThat(content()).isEqualTo(later);
    }

    @Test
    void aDecisionIsTakenBackAsLongAsNothingOfItWasDone() throws Exception {
        write();
        Position point = past.store.head();
        byte[] later = write();
        assertThat(rewind().revoke()).as("there is none").isFalse();
        prepare(point);
        assertThat(rewind().revoke()).isTrue();
        assertThat(rewind().decided()).isEmpty();
        assertThat(directory.resolve("rewind.data")).doesNotExist();
        assertThat(content()).isEqualTo(later);
        prepare(point);
        assertThat(stopped(new StopAfter(1))).isTrue();
        past.restart();
        assertThat(rewind().revoke()).as("it was begun").isFalse();
        assertThat(rewind().decided()).isPresent();
    }

    @Test
    void aRewindThatWasDecidedIsFinishedAfterAStopAnywhereInIt() throws Exception {
        byte[] then = write();
        Position point = past.store.head();
        write();
        prepare(point);
        int stops = 0;
        while (stopped(new StopAfter(4 * stops))) {
            stops++;
            past.restart();
            assertThat(rewind().decided()).isPresent();
            assertThat(Points.of(past.store).newest()).isLessThan(past.store.durable());
        }
        assertThat(stops).isPositive();
        assertThat(content()).isEqualTo(then);
        assertThat(Points.of(past.store).newest()).isEqualTo(past.store.durable());
    }

    private boolean stopped(StopAfter power) throws Exception {
        try {
            rewind().finish(past.store, past.chronicle, power);
            return false;
        } catch (GodwitException off) {
            return true;
        }
    }

    /** The power goes off after so many writes. */
    private static final class StopAfter implements DurabilityRule {
        private int left;

        StopAfter(int writes) {
            this.left = writes;
        }

        @Override
        public void admit(long bytes) {
            if (left-- == 0) {
                throw new GodwitException(ErrorCode.FAILED, "the power is off");
            }
        }

        @Override
        public void awaitSafe(Position position) {}
    }

    @Test
    void whatWasNotDecidedNeverHappened() throws Exception {
        write();
        Position point = past.store.head();
        byte[] later = write();
        prepare(point);
        assertThat(directory.resolve("rewind.json").toFile().delete()).isTrue();
        past.restart();
        finish();
        rewind().forget();
        assertThat(content()).isEqualTo(later);
        assertThat(directory.resolve("rewind.data")).doesNotExist();
    }

    @Test
    void damagedDataIsNotWritten() throws Exception {
        write();
        Position point = past.store.head();
        byte[] later = write();
        prepare(point);
        try (RandomAccessFile data =
                new RandomAccessFile(directory.resolve("rewind.data").toFile(), "rw")) {
            data.seek(data.length() / 2);
            int one = data.read();
            data.seek(data.length() / 2);
            data.write(one ^ 1);
        }
        assertThatThrownBy(this::finish).hasMessageContaining("is damaged");
        assertThat(content()).isEqualTo(later);
    }
}
