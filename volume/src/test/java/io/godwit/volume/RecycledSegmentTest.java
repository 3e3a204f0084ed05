package io.godwit.volume;

import static io.godwit.volume.StoreFixture.DATA;
import static io.godwit.volume.StoreFixture.ROOT;
import static io.godwit.volume.StoreFixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of old segments are used again, and what stands in them never counts again. */
class RecycledSegmentTest {
    private static final int MAX_PAYLOAD_BYTES = 60_000;
    private static final int SEGMENTS = 12;

    @TempDir
    Path directory = Path.of("");

    private final Random random = new Random(11);
    private final byte[] expected = new byte[(int) StoreFixture.DISK_SIZE.bytes()];

    /** Fills a segment, in records of all lengths, and has it applied and the file of the next one made. */
    private void fillSegment(GroupStore store) throws Exception {
        Position begin = store.head();
        while (store.head().since(begin).bytes() < StoreFixture.LIMITS.segment().bytes()) {
            write(store);
        }
        store.holdAt(store.head()).close();
        while (!Files.exists(directory.resolve("log/spare"))) {
            Thread.sleep(1);
        }
    }

    private void write(GroupStore store) throws IOException {
        int length = 1 + random.nextInt(MAX_PAYLOAD_BYTES);
        int offset = random.nextInt(expected.length - length);
        byte[] content = random(random.nextLong(), length).array();
        store.disk(ROOT).write(offset, java.nio.ByteBuffer.wrap(content));
        System.arraycopy(content, 0, expected, offset, length);
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("log"))) {
            return files.filter(file -> file.toString().endsWith(Segment.SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aLogGoesRoundInAFewFiles() throws Exception {
        Set<Object> files = new HashSet<>();
        Set<Path> names = new HashSet<>();
        try (GroupStore store = StoreFixture.primary(directory)) {
            for (int i = 0; i < SEGMENTS; i++) {
                fillSegment(store);
                for (Path segment : segments()) {
                    names.add(segment);
                    inode(segment).ifPresent(files::add);
                }
            }
            assertHolds(store);
        }
        assertThat(names).hasSizeGreaterThanOrEqualTo(SEGMENTS);
        assertThat(files).hasSizeLessThanOrEqualTo(SEGMENTS / 2);
    }

    /** Empty when the segment was given back to be written again since it was listed. */
    private static Optional<Object> inode(Path segment) throws IOException {
        try {
            return Optional.of(Files.getAttribute(segment, "unix:ino"));
        } catch (NoSuchFileException recycled) {
            return Optional.empty();
        }
    }

    @Test
    void comesUpWithWhatWasWrittenLastAndNothingOlder() throws Exception {
        Position head;
        try (GroupStore store = StoreFixture.primary(directory)) {
            for (int i = 0; i < SEGMENTS; i++) {
                fillSegment(store);
            }
            for (int i = 0; i < 20; i++) {
                write(store);
            }
            head = store.head();
        }
        assertThat(directory.resolve("log")).isDirectoryNotContaining("glob:**/{spare,*.old}");
        try (GroupStore store = GroupStore.open(directory, StoreFixture.LIMITS)) {
            assertThat(store.head()).isEqualTo(head);
            assertHolds(store);
            fillSegment(store);
        }
        try (GroupStore store = GroupStore.open(directory, StoreFixture.LIMITS)) {
            assertHolds(store);
        }
    }

    /** The first record of each segment but the first one: no guest can know the checksum that comes next. */
    @Test
    void eachSegmentBeginsWithASaltAlsoAtTheReplica() throws Exception {
        Path west = directory.resolve("west");
        try (GroupStore store = StoreFixture.primary(directory);
                GroupStore replica = StoreFixture.replica(west)) {
            store.log().retain("west", Position.START);
            for (int i = 0; i < 3; i++) {
                fillSegment(store);
                StoreFixture.ship(store, replica);
            }
            assertThat(replica.end()).isEqualTo(store.end());
            assertThat(StoreFixture.read(replica.disk(ROOT), 0, expected.length))
                    .isEqualTo(expected);
            assertThat(StoreFixture.read(replica.disk(DATA), 0, 4096)).containsOnly(0);
        }
        List<Path> segments = segments();
        for (Path segment : segments.subList(1, segments.size())) {
            byte[] bytes = Files.readAllBytes(segment);
            var head = java.nio.ByteBuffer.wrap(bytes, Segment.HEADER_BYTES, LogRecord.HEADER_BYTES);
            LogRecord first = LogRecord.decodeHead(
                    head, new Position(java.nio.ByteBuffer.wrap(bytes).getLong(16)));
            assertThat(first.salts()).isTrue();
        }
    }

    private void assertHolds(GroupStore store) throws IOException {
        assertThat(StoreFixture.read(store.disk(ROOT), 0, expected.length)).isEqualTo(expected);
    }
}
