package io.godwit.volume;

import static io.godwit.volume.StoreFixture.ROOT;
import static io.godwit.volume.StoreFixture.random;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.LogRecord.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both sites know the marks that stand at points which can be opened, and what they say. */
class MarkIndexTest {
    private static final HistoryWindow WINDOW = new HistoryWindow(ByteCount.ofMiB(16), Duration.ofHours(1));

    @TempDir
    Path directory = Path.of("");

    private GroupStore create(Role role) throws IOException {
        Path in = Files.createDirectories(directory.resolve(role.name()));
        GroupStore store =
                GroupStore.create(in, StoreFixture.specs(in), role, Term.FIRST, Position.START, StoreFixture.LIMITS);
        store.history().keep(WINDOW);
        return store;
    }

    private static LogMark mark(GroupStore store, long number, String content) throws IOException {
        store.disk(ROOT).write(0, random(number, 10_000));
        Position end = store.mark(number, ByteBuffer.wrap(content.getBytes(UTF_8)));
        return new LogMark(end, number, content.length());
    }

    private static String content(GroupStore store, LogMark mark) throws IOException {
        return UTF_8.decode(store.history().content(mark)).toString();
    }

    @Test
    void marksAreFoundAtBothSitesAndAfterARestart() throws Exception {
        List<LogMark> marks;
        try (GroupStore primary = create(Role.PRIMARY);
                GroupStore replica = create(Role.REPLICA)) {
            primary.log().retain("test", Position.START);
            marks = List.of(mark(primary, 7, ""), mark(primary, 5, "before the update"), mark(primary, 9, "x"));
            primary.awaitDurable(primary.head());
            assertThat(primary.history().marks()).isEqualTo(marks);
            StoreFixture.ship(primary, replica);
            replica.awaitDurable(replica.head());
            assertThat(replica.history().marks()).isEqualTo(marks);
            assertThat(content(replica, marks.get(1))).isEqualTo("before the update");
            assertThat(content(replica, marks.get(0))).isEmpty();
        }
        try (GroupStore replica = GroupStore.open(directory.resolve("REPLICA"), StoreFixture.LIMITS, WINDOW)) {
            assertThat(replica.history().marks()).isEqualTo(marks);
            replica.history().open(marks.getFirst().position()).close();
        }
    }

    @Test
    void historyBeginsWhereItWasSaidToAlsoAfterARestart() throws Exception {
        LogMark second;
        try (GroupStore primary = create(Role.PRIMARY)) {
            LogMark first = mark(primary, 1, "");
            second = mark(primary, 2, "");
            primary.awaitDurable(primary.head());
            assertThat(primary.history().oldest()).isEqualTo(Position.START);
            primary.history().begin(second.position());
            GroupStoreTest.assertRefused(
                    io.godwit.core.ErrorCode.NOT_FOUND, () -> primary.history().open(first.position()));
            assertThat(primary.history().marks()).containsExactly(second);
        }
        try (GroupStore primary = GroupStore.open(directory.resolve("PRIMARY"), StoreFixture.LIMITS, WINDOW)) {
            assertThat(primary.history().oldest()).isEqualTo(second.position());
            primary.history().open(second.position()).close();
        }
    }

    @Test
    void ofTooManyMarksThoseThatSayNothingAreThinnedOutFirst() {
        MarkIndex index = new MarkIndex(10);
        for (int i = 0; i < 30; i++) {
            index.note(record(i, i % 10 == 0 ? 8 : 0), Position.START);
        }
        List<LogMark> kept = index.from(Position.START);
        assertThat(kept).hasSizeLessThanOrEqualTo(10);
        assertThat(kept.stream().map(LogMark::number))
                .contains(0L, 10L, 20L, 29L)
                .isSorted();
        index.note(record(30, 0), new Position(2_000));
        assertThat(index.from(Position.START).getFirst().position()).isGreaterThanOrEqualTo(new Position(2_000));
    }

    private static LogRecord record(int number, int length) {
        return new LogRecord(
                Kind.MARK, 0, number, length, new Position(100L * number), Term.FIRST, 0, 0, 0, RecordForm.WHOLE);
    }
}
