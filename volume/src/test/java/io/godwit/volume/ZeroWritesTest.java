package io.godwit.volume;

import static io.godwit.volume.StoreFixture.ROOT;
import static io.godwit.volume.StoreFixture.primary;
import static io.godwit.volume.StoreFixture.random;
import static io.godwit.volume.StoreFixture.replica;
import static io.godwit.volume.StoreFixture.ship;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.Position;
import io.godwit.volume.LogRecord.Kind;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest that writes zeroes, as many do to make room, writes a record without content. */
class ZeroWritesTest {
    private static final int BLOCK = 64 << 10;

    @TempDir
    Path directory = Path.of("");

    private static List<LogRecord> records(GroupStore store) throws Exception {
        List<LogRecord> records = new ArrayList<>();
        store.log().eachRecord(Position.START, records::add);
        return records;
    }

    @Test
    void zeroesCostARecordsHead() throws Exception {
        try (GroupStore store = primary(directory)) {
            Position end = store.disk(ROOT).write(BLOCK, ByteBuffer.allocate(BLOCK));
            assertThat(end).isEqualTo(Position.START.plus(LogRecord.HEADER_BYTES));
            LogRecord record = records(store).getFirst();
            assertThat(record.kind()).isEqualTo(Kind.ZERO);
            assertThat(record.offset()).isEqualTo(BLOCK);
            assertThat(record.length()).isEqualTo(BLOCK);
        }
    }

    @Test
    void oneByteThatIsNoZeroMakesTheDifference() throws Exception {
        try (GroupStore store = primary(directory)) {
            for (int at : new int[] {0, 7, 8, 511, 512, 4095}) {
                store.disk(ROOT)
                        .write(0, ByteBuffer.allocate(4096).put(at, (byte) 1).rewind());
            }
            store.disk(ROOT).write(0, ByteBuffer.allocate(5).put(4, (byte) 1).rewind());
            assertThat(records(store)).allMatch(record -> record.kind() == Kind.WRITE);
        }
    }

    /** A large write is several records, each by itself. */
    @Test
    void ofALargeWriteThePartsThatAreZeroesCostNothing() throws Exception {
        try (GroupStore store = primary(directory)) {
            ByteBuffer content = ByteBuffer.allocate(3 * LogRecord.MAX_PAYLOAD_BYTES);
            content.put(LogRecord.MAX_PAYLOAD_BYTES + 5, (byte) 1);
            store.disk(ROOT).write(0, content.duplicate());
            assertThat(records(store).stream().map(LogRecord::kind)).containsExactly(Kind.ZERO, Kind.WRITE, Kind.ZERO);
            assertThat(StoreFixture.read(store.disk(ROOT), 0, content.capacity()))
                    .isEqualTo(content.array());
        }
    }

    @Test
    void whatWasThereReadsAsZeroesInTheLogInTheImageAndAtTheReplica() throws Exception {
        try (GroupStore east = primary(directory.resolve("east"));
                GroupStore west = replica(directory.resolve("west"))) {
            for (int length : new int[] {512, BLOCK, 4 * BLOCK}) {
                east.disk(ROOT).write(0, random(length, 8 * BLOCK));
                east.awaitDurable(east.head());
                east.awaitImages(east.head());
                east.disk(ROOT).write(BLOCK - 512, ByteBuffer.allocate(length));
                byte[] expected = random(length, 8 * BLOCK).array();
                java.util.Arrays.fill(expected, BLOCK - 512, BLOCK - 512 + length, (byte) 0);
                assertThat(StoreFixture.read(east.disk(ROOT), 0, 8 * BLOCK)).isEqualTo(expected);
                ship(east, west);
                assertThat(StoreFixture.read(west.disk(ROOT), 0, 8 * BLOCK)).isEqualTo(expected);
                for (GroupStore site : List.of(east, west)) {
                    site.awaitDurable(site.head());
                    site.awaitImages(site.head());
                    assertThat(StoreFixture.read(site.disk(ROOT), 0, 8 * BLOCK)).isEqualTo(expected);
                }
            }
        }
    }
}
