package io.godwit.volume;

import static io.godwit.volume.StoreFixture.DATA;
import static io.godwit.volume.StoreFixture.LIMITS;
import static io.godwit.volume.StoreFixture.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What changed is known for as long as someone may need it: from the log, or from what is noted before the log lets go of it. */
class ChangesTest {
    private static final int MIB = 1 << 20;
    private static final int BLOCK = 64 << 10;

    @TempDir
    Path directory = Path.of("");

    private GroupStore store;

    /** Blocks of the first disk that were written since the follower's position. */
    private final TreeSet<Long> written = new TreeSet<>();

    @BeforeEach
    void create() throws IOException {
        store = StoreFixture.primary(directory);
    }

    /** Writes until the log has had to let go of a follower; only even blocks of a part of the disk. */
    private void overrun(int mebibytes) throws Exception {
        for (int i = 0; i < mebibytes * MIB / BLOCK; i++) {
            long block = 2L * (i % 40);
            store.disk(ROOT).write(block * BLOCK, StoreFixture.random(i, BLOCK));
            written.add(block);
        }
        store.awaitDurable(store.head());
    }

    private void assertKnown(ChangedBlocks changed) {
        for (long block = 0; block < StoreFixture.DISK_SIZE.bytes() / BLOCK; block++) {
            boolean in = changed.next(0, block * BLOCK) == block * BLOCK;
            assertThat(in).as("block %d", block).isEqualTo(written.contains(block));
        }
        assertThat(changed.next(1, 0)).isEqualTo(StoreFixture.DISK_SIZE.bytes());
        assertThat(changed.bytes()).isEqualTo(written.size() * (long) BLOCK);
    }

    @Test
    void whatADroppedFollowerLacksIsKnown() throws Exception {
        store.disk(DATA).write(0, StoreFixture.random(1, BLOCK));
        store.awaitDurable(store.head());
        LogEnd since = store.end();
        store.log().retain("replica", since.position());
        overrun(2);
        LogEnd later = store.end();
        overrun(70);
        assertThat(store.log().overrun("replica")).isTrue();
        assertThat(store.tail()).isGreaterThan(since.position());
        assertKnown(store.log().changedSince(since));
        assertKnown(store.log().changedSince(later));
        assertUnknown(new LogEnd(later.position(), later.chain() + 1));
        store.close();
        store = GroupStore.open(directory, LIMITS);
        overrun(1);
        assertKnown(store.log().changedSince(since));
        overrun(70);
        assertKnown(store.log().changedSince(since));
        store.log().forgetChanges("replica");
        assertUnknown(since);
        assertThat(directory.resolve("changes")).doesNotExist();
        store.close();
    }

    private void assertUnknown(LogEnd since) {
        assertThatThrownBy(() -> store.log().changedSince(since))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("is not known");
    }

    /** The worst moment to stop: the changes were noted, the segment was not deleted yet, or the note is older than the log. */
    @Test
    void aNoteThatDoesNotJoinTheLogIsWorthNothing() throws Exception {
        LogEnd since = store.end();
        store.log().retain("replica", since.position());
        overrun(70);
        Path state = directory.resolve("changes/state");
        byte[] old = Files.readAllBytes(state);
        overrun(70);
        store.close();
        Files.write(state, old);
        store = GroupStore.open(directory, LIMITS);
        assertUnknown(since);
        store.close();
    }

    @Test
    void aLogIsCutWhereTheImagesAreNotBeyond() throws Exception {
        store.close();
        StoreLimits lazy = new StoreLimits(
                LIMITS.maxLog(),
                LIMITS.segment(),
                LIMITS.applyBatch(),
                java.time.Duration.ofHours(1),
                LIMITS.maxStall());
        store = GroupStore.open(directory, lazy, HistoryWindow.DEFAULT);
        overrun(1);
        LogEnd parting = store.end();
        byte[] before = StoreFixture.read(store.disk(ROOT), 0, 4 * MIB);
        store.promote(new Term(2));
        overrun(9);
        store.fence();
        SetAside aside = new SetAside(directory.resolve("aside"));
        SetAside.Entry kept = aside.keep(store, parting.position());
        assertThat(aside.keep(store, parting.position())).isEqualTo(kept);
        assertThat(kept.changes()).isEqualTo(9 * MIB / BLOCK);
        assertThat(kept.changedBytes().bytes()).isEqualTo(9 * MIB);
        assertThat(kept.whole()).isTrue();
        Position head = store.head();
        store.close();
        LogCut.at(directory, parting.position());
        store = GroupStore.open(directory, lazy, HistoryWindow.DEFAULT);
        assertThat(store.end()).isEqualTo(parting);
        assertThat(store.terms()).hasSize(1);
        assertThat(StoreFixture.read(store.disk(ROOT), 0, 4 * MIB)).isEqualTo(before);
        store.awaitImages(parting.position());
        store.close();
        assertThatThrownBy(() -> LogCut.at(directory, Position.START)).hasMessageContaining("the images are at");
        assertExported(aside, kept, head);
    }

    private void assertExported(SetAside aside, SetAside.Entry kept, Position head) throws IOException {
        assertThat(aside.list()).containsExactly(kept);
        assertThat(kept.to()).isEqualTo(head);
        Path file = directory.resolve("lost.log");
        aside.export(kept.id(), file);
        try (Segment segment = Segment.open(file)) {
            assertThat(segment.start()).isEqualTo(kept.from().value());
            assertThat(segment.capacity()).isEqualTo(head.since(kept.from()).bytes());
        }
        assertThatThrownBy(() -> aside.export(kept.id(), file)).hasMessageContaining("already");
        assertThatThrownBy(() -> aside.drop("7-9")).hasMessageContaining("nothing was set aside as '7-9'");
        aside.drop(kept.id());
        assertThat(aside.list()).isEqualTo(List.of());
    }
}
