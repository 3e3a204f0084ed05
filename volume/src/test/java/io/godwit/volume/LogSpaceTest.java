package io.godwit.volume;

import static io.godwit.volume.GroupStoreTest.assertRefused;
import static io.godwit.volume.StoreFixture.ROOT;
import static io.godwit.volume.StoreFixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log is bounded: what was applied is reclaimed, a slow follower is dropped, a full log refuses writes. */
class LogSpaceTest {
    private static final ByteCount MAX_LOG = ByteCount.ofMiB(16);
    private static final StoreLimits LIMITS = new StoreLimits(
            MAX_LOG, StoreLimits.MIN_SEGMENT, ByteCount.ofMiB(4), Duration.ofMillis(10), Duration.ofMillis(300));

    @TempDir
    Path directory = Path.of("");

    private GroupStore create() throws IOException {
        return GroupStore.create(
                directory, StoreFixture.specs(directory), Role.PRIMARY, Term.FIRST, Position.START, LIMITS);
    }

    private static void write(GroupStore store, int megabytes) throws IOException {
        for (int i = 0; i < megabytes; i++) {
            store.disk(ROOT).write((long) (i % 16) << 20, random(i, 1 << 20));
        }
    }

    private long logFileBytes() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("log"))) {
            return files.mapToLong(path -> path.toFile().length()).sum();
        }
    }

    @Test
    void whatWasAppliedIsReclaimed() throws Exception {
        try (GroupStore store = create()) {
            write(store, 60);
            assertThat(logFileBytes()).isLessThanOrEqualTo(MAX_LOG.bytes());
            store.holdAt(store.head()).close();
            assertThat(store.tail()).isGreaterThan(new Position(50 << 20));
            assertRefused(ErrorCode.NOT_FOUND, () -> store.log().read(Position.START));
            assertThat(StoreFixture.read(store.disk(ROOT), 11 << 20, 1 << 20))
                    .isEqualTo(random(59, 1 << 20).array());
        }
    }

    @Test
    void aFollowerIsKeptUpToTheLimitAndOverARestart() throws Exception {
        try (GroupStore store = create()) {
            store.log().retain("west", Position.START);
            write(store, 10);
            store.holdAt(store.head()).close();
            assertThat(store.tail()).isEqualTo(Position.START);
        }
        try (GroupStore store = GroupStore.open(directory, LIMITS)) {
            assertThat(store.status().followers()).containsEntry("west", Position.START);
            LogReader reader = store.log().read(Position.START);
            assertThat(store.log().overrun("west")).isFalse();
            write(store, 30);
            assertThat(store.log().overrun("west")).isTrue();
            assertThat(store.status().followers()).isEmpty();
            assertRefused(ErrorCode.NOT_FOUND, () -> reader.read(java.nio.ByteBuffer.allocate(LogRecord.MAX_BYTES)));
            assertRefused(ErrorCode.NOT_FOUND, () -> store.log().retain("west", Position.START));
            store.log().retain("west", store.tail());
            assertThat(store.log().overrun("west")).isFalse();
            store.log().forget("west");
            assertThat(store.status().followers()).isEmpty();
        }
    }

    @Test
    void aFullLogRefusesWritesAndServesReadsUntilThereIsRoom() throws Exception {
        try (GroupStore store = create()) {
            write(store, 1);
            try (ApplyHold hold = store.holdAt(store.head())) {
                assertThat(hold.position()).isEqualTo(store.head());
                assertRefused(ErrorCode.NO_SPACE, () -> write(store, 30));
                store.awaitDurable(store.head());
                assertThat(StoreFixture.read(store.disk(ROOT), 0, 1 << 20))
                        .isEqualTo(random(0, 1 << 20).array());
            }
            write(store, 30);
            assertThat(logFileBytes()).isLessThanOrEqualTo(MAX_LOG.bytes());
        }
    }

    @Test
    void tooManySmallPiecesWaitForTheImages() throws Exception {
        int most = LIMITS.mostPieces();
        try (GroupStore store = create()) {
            try (ApplyHold hold = store.holdAt(store.head())) {
                for (int i = 0; i < most; i++) {
                    store.disk(ROOT).trim(i * 1024L, 512);
                }
                assertRefused(ErrorCode.NO_SPACE, () -> store.disk(ROOT).trim(most * 1024L, 512));
                assertThat(hold.position()).isLessThan(store.head());
            }
            store.holdAt(store.head()).close();
            store.disk(ROOT).trim(most * 1024L, 512);
        }
    }

    @Test
    void imagesThatAreHeldDontChangeWhileGuestsWrite() throws Exception {
        try (GroupStore store = create()) {
            write(store, 2);
            byte[] before;
            try (ApplyHold hold = store.holdAt(store.head())) {
                before = hold.digest(ROOT);
                store.disk(ROOT).zero(0, 1 << 20);
                store.awaitDurable(store.head());
                assertThat(hold.digest(ROOT)).isEqualTo(before);
                assertRefused(ErrorCode.CONFLICT, () -> hold(store, store.head()));
            }
            try (ApplyHold hold = store.holdAt(store.head())) {
                assertThat(hold.digest(ROOT)).isNotEqualTo(before);
            }
            assertRefused(ErrorCode.CONFLICT, () -> hold(store, Position.START));
        }
    }

    private static void hold(GroupStore store, Position position) throws IOException {
        try {
            store.holdAt(position).close();
        } catch (InterruptedException unexpected) {
            throw new IOException(unexpected);
        }
    }
}
