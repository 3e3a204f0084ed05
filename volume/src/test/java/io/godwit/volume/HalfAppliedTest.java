package io.godwit.volume;

import static io.godwit.volume.GroupStoreTest.assertRefused;
import static io.godwit.volume.StoreFixture.LIMITS;
import static io.godwit.volume.StoreFixture.ROOT;
import static io.godwit.volume.StoreFixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A site stops when its images hold a part of the log that its checkpoint doesn't know of yet. */
class HalfAppliedTest {
    private static final int BLOCK = 64 << 10;
    private static final HistoryWindow ALL = new HistoryWindow(ByteCount.ofMiB(64), Duration.ofHours(24));

    @TempDir
    Path directory = Path.of("");

    /** Where both blocks that are written hold their first content, and where they hold their last. */
    private Position before = Position.START;

    private Position end = Position.START;

    @BeforeEach
    void stopBeforeTheCheckpoint() throws Exception {
        GroupStore.create(directory, StoreFixture.specs(directory), Role.PRIMARY, Term.FIRST, Position.START, LIMITS)
                .close();
        Path checkpoint = directory.resolve("checkpoint");
        Path then = directory.resolve("checkpoint.then");
        try (GroupStore store = GroupStore.open(
                directory,
                LIMITS,
                ALL,
                (disk, spec) -> new WatchedImage(
                        BaseImages.open(spec),
                        () -> Files.copy(checkpoint, then, StandardCopyOption.REPLACE_EXISTING)))) {
            store.log().retain("west", Position.START);
            store.disk(ROOT).write(0, random(1, BLOCK));
            before = store.disk(ROOT).write(BLOCK, random(2, BLOCK));
            end = store.disk(ROOT).write(0, random(3, BLOCK));
            store.awaitDurable(end);
            store.awaitImages(end);
        }
        Files.move(then, checkpoint, StandardCopyOption.REPLACE_EXISTING);
    }

    private GroupStore open() throws IOException {
        return GroupStore.open(directory, LIMITS, ALL);
    }

    @Test
    void whatTheDisksWereBeforeCannotBeShownAnyMore() throws Exception {
        try (GroupStore store = open()) {
            assertThat(store.applied()).isEqualTo(Position.START);
            assertThat(store.history().oldest()).isEqualTo(end);
            assertRefused(ErrorCode.NOT_FOUND, () -> store.history().open(before));
            assertRefused(ErrorCode.CONFLICT, () -> store.stopAt(before));
            try (PointView point = store.history().open(end)) {
                ByteBuffer found = ByteBuffer.allocate(BLOCK);
                point.read(ROOT, 0, found);
                assertThat(found.flip()).isEqualTo(random(3, BLOCK));
            }
            store.holdAt(end).close();
        }
    }

    /** Or else writes that the group's history doesn't have would stay in the images. */
    @Test
    void theLogCannotBeTakenBackBehindThem() {
        assertRefused(ErrorCode.CONFLICT, () -> LogCut.at(directory, before));
    }

    @Test
    void aLogThatEndsBeforeThemIsDamaged() throws Exception {
        Path segment = Segment.path(directory.resolve("log"), 0);
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(LogRecord.HEADER_BYTES), Segment.HEADER_BYTES + before.value());
        }
        assertRefused(ErrorCode.CORRUPT, this::open);
    }

    /** An image of which it is known when it is synced. */
    private record WatchedImage(BaseImage image, Watch beforeSync) implements BaseImage {
        interface Watch {
            void look() throws IOException;
        }

        @Override
        public DiskSpec spec() {
            return image.spec();
        }

        @Override
        public void read(long offset, ByteBuffer into) throws IOException {
            image.read(offset, into);
        }

        @Override
        public void prefetch(long offset, long length) throws IOException {
            image.prefetch(offset, length);
        }

        @Override
        public void write(long offset, ByteBuffer from) throws IOException {
            image.write(offset, from);
        }

        @Override
        public void zero(long offset, long length) throws IOException {
            image.zero(offset, length);
        }

        @Override
        public void discard(long offset, long length) throws IOException {
            image.discard(offset, length);
        }

        @Override
        public void sync() throws IOException {
            beforeSync.look();
            image.sync();
        }

        @Override
        public DiskExtent extentAt(long offset, long to) throws IOException {
            return image.extentAt(offset, to);
        }

        @Override
        public void close() {
            image.close();
        }
    }
}
