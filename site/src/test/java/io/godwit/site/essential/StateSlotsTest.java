package io.godwit.site.essential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.volume.BlockDevice;
import io.godwit.volume.DiskExtent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StateSlotsTest {
    private static final ByteCount CAPACITY = new ByteCount(3 * 4096);
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    private final Bytes disk = new Bytes();
    private final StateSlots slots = new StateSlots(disk, CAPACITY);

    /** A disk that remembers every write. */
    private static final class Bytes implements BlockDevice {
        private final byte[] content =
                new byte[(int) StateSlots.diskSize(CAPACITY).bytes()];
        private final List<Write> writes = new ArrayList<>();

        private record Write(long offset, ByteBuffer content) {}

        /** As it is when only the first writes have come to it. */
        Bytes after(int count) {
            Bytes earlier = new Bytes();
            writes.subList(0, count)
                    .forEach(write ->
                            earlier.write(write.offset(), write.content().duplicate()));
            return earlier;
        }

        @Override
        public ByteCount size() {
            return new ByteCount(content.length);
        }

        @Override
        public void read(long offset, ByteBuffer into) {
            into.put(content, (int) offset, into.remaining());
        }

        @Override
        public Position write(long offset, ByteBuffer from) {
            ByteBuffer kept = ByteBuffer.allocate(from.remaining()).put(from).flip();
            writes.add(new Write(offset, kept));
            kept.duplicate().get(content, (int) offset, kept.remaining());
            return Position.START;
        }

        @Override
        public Position zero(long offset, long length) {
            throw new AssertionError("a state is read and written, and nothing else");
        }

        @Override
        public Position trim(long offset, long length) {
            throw new AssertionError("a state is read and written, and nothing else");
        }

        @Override
        public List<DiskExtent> extents(long offset, long length, int limit) {
            throw new AssertionError("a state is read and written, and nothing else");
        }

        @Override
        public void prefetch(long offset, long length) {}

        @Override
        public Position head() {
            return Position.START;
        }
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private void save(String text) throws IOException {
        slots.write(slots.read(), NOON, text(text));
    }

    private static Optional<String> held(Bytes disk) throws IOException {
        return new StateSlots(disk, CAPACITY)
                .read()
                .map(state -> StandardCharsets.UTF_8.decode(state.content()).toString());
    }

    @Test
    void anEmptyDiskHoldsNoState() throws Exception {
        assertThat(slots.read()).isEmpty();
    }

    @Test
    void theLastStateThatWasSavedIsFoundWithItsTime() throws Exception {
        save("one");
        save("two");
        save("");
        save("three");
        assertThat(held(disk)).contains("three");
        assertThat(slots.read().orElseThrow().time()).isEqualTo(NOON);
        assertThat(slots.read().orElseThrow().number()).isEqualTo(4);
    }

    @Test
    void whateverBeginningOfTheWritesADiskHoldsItHasAWholeState() throws Exception {
        String large = "x".repeat(9000);
        List<String> saved = List.of("one" + large, "two" + large, "three", "four" + large);
        List<Integer> whole = new ArrayList<>();
        for (String state : saved) {
            save(state);
            whole.add(disk.writes.size());
        }
        for (int count = 0; count <= disk.writes.size(); count++) {
            int known = count;
            long complete = whole.stream().filter(end -> end <= known).count();
            Optional<String> expected = complete == 0 ? Optional.empty() : Optional.of(saved.get((int) complete - 1));
            assertThat(held(disk.after(count))).as("after %d writes", count).isEqualTo(expected);
        }
    }

    @Test
    void blocksThatAreThereAlreadyAreNotWrittenAgain() throws Exception {
        String large = "x".repeat(9000);
        save(large);
        save(large + "y");
        int before = disk.writes.size();
        save(large + "z");
        assertThat(disk.writes).hasSize(before + 2);
        assertThat(held(disk)).contains(large + "z");
    }

    @Test
    void aStateThatHasNoRoomIsRefusedAndTheLastOneStays() throws Exception {
        save("one");
        assertThatThrownBy(() -> save("x".repeat(3 * 4096 + 1)))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("more than");
        assertThat(held(disk)).contains("one");
    }

    @Test
    void whatIsDamagedDoesNotCountAndNothingElseComesOfIt() throws Exception {
        save("one");
        save("two");
        Random random = new Random(1129);
        for (int run = 0; run < 5_000; run++) {
            Bytes damaged = disk.after(disk.writes.size());
            for (int i = 0; i < 1 + random.nextInt(4); i++) {
                int at = random.nextInt(2) * (4096 + 3 * 4096) + random.nextInt(4096 + 16);
                damaged.content[at] = (byte) random.nextInt();
            }
            assertThat(held(damaged).orElse("none")).isIn("one", "two", "none");
        }
        for (int run = 0; run < 2_000; run++) {
            Bytes noise = new Bytes();
            random.nextBytes(noise.content);
            assertThat(held(noise)).isEmpty();
        }
    }
}
