package io.godwit.volume;

import static io.godwit.volume.StoreFixture.DATA;
import static io.godwit.volume.StoreFixture.LIMITS;
import static io.godwit.volume.StoreFixture.ROOT;
import static io.godwit.volume.StoreFixture.primary;
import static io.godwit.volume.StoreFixture.random;
import static io.godwit.volume.StoreFixture.read;
import static io.godwit.volume.StoreFixture.replica;
import static io.godwit.volume.StoreFixture.ship;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupStoreTest {
    @TempDir
    Path directory = Path.of("");

    @Test
    void readsWhatWasWrittenBeforeAndAfterItWasAppliedAndReopened() throws Exception {
        byte[] content = random(1, 3 << 20).array();
        try (GroupStore store = primary(directory)) {
            Disk disk = store.disk(ROOT);
            Position end = disk.write(5, ByteBuffer.wrap(content));
            assertThat(read(disk, 5, content.length)).isEqualTo(content);
            store.awaitDurable(end);
            store.holdAt(end).close();
            assertThat(store.applied()).isEqualTo(end);
            assertThat(disk.overlay().size()).isZero();
            assertThat(read(disk, 5, content.length)).isEqualTo(content);
            assertThat(read(store.disk(DATA), 5, 10)).containsOnly(0);
        }
        try (GroupStore store = GroupStore.open(directory, LIMITS)) {
            assertThat(read(store.disk(ROOT), 5, content.length)).isEqualTo(content);
            assertThat(read(store.disk(ROOT), 0, 5)).containsOnly(0);
        }
    }

    @Test
    void theFollowerHoldsTheSameContentAtTheSamePosition() throws Exception {
        try (GroupStore east = primary(directory.resolve("east"));
                GroupStore west = replica(directory.resolve("west"))) {
            east.disk(ROOT).write(0, random(1, 1 << 20));
            east.disk(ROOT).zero(4096, 8192);
            east.disk(DATA).write(512, random(2, 100_001));
            east.disk(DATA).trim(1024, 65536);
            ship(east, west);
            assertThat(west.head()).isEqualTo(east.head());
            assertThat(west.chain()).isEqualTo(east.chain());
            try (ApplyHold atEast = east.holdAt(east.head());
                    ApplyHold atWest = west.holdAt(east.head())) {
                assertThat(atWest.digest(ROOT)).isEqualTo(atEast.digest(ROOT));
                assertThat(atWest.digest(DATA)).isEqualTo(atEast.digest(DATA));
            }
        }
    }

    @Test
    void aStoreThatKeepsItsPastHasTheSameDigestAsOneWithout() throws Exception {
        try (GroupStore east = primary(directory.resolve("east"));
                GroupStore west = replica(directory.resolve("west"))) {
            east.history().keep(new HistoryWindow(ByteCount.ofMiB(64), Duration.ofHours(1)));
            east.disk(ROOT).write(0, random(1, 1 << 20));
            east.disk(ROOT).trim(65536, 65536);
            east.disk(ROOT).write(100_000, random(2, 100_001));
            ship(east, west);
            Position past = east.history().oldest();
            try (ApplyHold atEast = east.stopAt(east.head());
                    ApplyHold atWest = west.holdAt(east.head())) {
                assertThat(atEast.digest(ROOT)).isEqualTo(atWest.digest(ROOT));
                east.disk(ROOT).write(0, random(3, 4096));
                assertThat(atEast.digest(ROOT)).isEqualTo(atWest.digest(ROOT));
            }
            assertThat(east.history().oldest()).isEqualTo(past);
            east.awaitDurable(east.head());
            try (ApplyHold later = east.stopAt(east.head())) {
                assertThat(later.digest(ROOT))
                        .isNotEqualTo(west.holdAt(west.head()).digest(ROOT));
            }
        }
    }

    @Test
    void rolesAreExchangedAndTheOldPrimaryFollows() throws Exception {
        try (GroupStore east = primary(directory.resolve("east"));
                GroupStore west = replica(directory.resolve("west"))) {
            east.disk(ROOT).write(0, random(1, 4096));
            ship(east, west);
            assertRefused(ErrorCode.FENCED, () -> west.disk(ROOT).write(0, random(3, 512)));
            east.fence();
            assertRefused(ErrorCode.FENCED, () -> east.disk(ROOT).write(0, random(3, 512)));
            west.promote(new Term(2));
            west.disk(ROOT).write(8192, random(2, 4096));
            ship(west, east);
            assertThat(east.term()).isEqualTo(new Term(2));
            assertThat(read(east.disk(ROOT), 8192, 4096))
                    .isEqualTo(random(2, 4096).array());
            assertRefused(ErrorCode.FENCED, () -> east.promote(new Term(2)));
        }
        try (GroupStore east = GroupStore.open(directory.resolve("east"), LIMITS);
                GroupStore west = GroupStore.open(directory.resolve("west"), LIMITS)) {
            assertThat(east.role()).isEqualTo(Role.REPLICA);
            assertThat(west.role()).isEqualTo(Role.PRIMARY);
            assertThat(east.term()).isEqualTo(west.term()).isEqualTo(new Term(2));
        }
    }

    interface Action {
        void run() throws IOException;
    }

    static void assertRefused(ErrorCode code, Action action) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        GodwitException.class,
                        thrown -> assertThat(thrown.code()).isEqualTo(code));
    }
}
