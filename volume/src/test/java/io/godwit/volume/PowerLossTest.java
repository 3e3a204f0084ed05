package io.godwit.volume;

import static io.godwit.volume.StoreFixture.DATA;
import static io.godwit.volume.StoreFixture.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/**
 * A power failure is simulated: a copy of the store's files is damaged wherever nothing had been made durable. In the
 * log that is everything behind the durable position, whole segments with their headers and names among it; in the base images, any page that was applied since the last
 * checkpoint. Whatever is left, the store comes up with all that was durable and, behind it, a prefix of the rest.
 */
class PowerLossTest {
    private static final int SECTOR_BYTES = 512;
    private static final int MAX_LENGTH_BYTES = 100_000;
    private static final ByteCount SIZE = ByteCount.ofMiB(2);
    /** Nothing is applied unless the test says so. */
    private static final StoreLimits LIMITS = new StoreLimits(
            ByteCount.ofMiB(64),
            StoreLimits.MIN_SEGMENT,
            ByteCount.ofMiB(64),
            Duration.ofHours(1),
            Duration.ofSeconds(5));

    @TempDir
    Path directory = Path.of("");

    @RepeatedTest(5)
    void losesNothingThatWasDurable() throws Exception {
        long seed = System.nanoTime();
        System.out.println("PowerLossTest seed " + seed);
        Random random = new Random(seed);
        History history = new History(random, MAX_LENGTH_BYTES);
        Path live = directory.resolve("live");
        Path image = directory.resolve("image");
        Position durable;
        try (GroupStore store = create(live)) {
            store.log().retain("test", Position.START);
            history.change(store, random.nextInt(60));
            store.awaitDurable(store.head());
            store.holdAt(store.head()).close();
            copy(live, image);
            history.change(store, random.nextInt(60));
            store.awaitDurable(store.head());
            store.holdAt(store.head()).close();
            mixBases(live, image, random);
            history.change(store, random.nextInt(60));
            store.awaitDurable(store.head());
            durable = store.durable();
            history.change(store, 1 + random.nextInt(40));
            copyLog(live, image);
        }
        damageLog(image, durable, random);
        Position found = comesUp(image, history, durable);
        history.cut(found);
        goesOn(image, history);
    }

    private static List<DiskSpec> specs(Path in) {
        return List.of(
                new DiskSpec(ROOT, SIZE, in.resolve("root.img")), new DiskSpec(DATA, SIZE, in.resolve("data.img")));
    }

    private static GroupStore create(Path in) throws IOException {
        Files.createDirectories(in);
        return GroupStore.create(in, specs(in), Role.PRIMARY, Term.FIRST, Position.START, LIMITS);
    }

    private static void copy(Path live, Path image) throws IOException {
        Files.createDirectories(image.resolve("log"));
        for (String name : List.of("role", "checkpoint", "root.img", "data.img")) {
            Files.copy(live.resolve(name), image.resolve(name));
        }
        new StoreFiles(image).writeDisks(specs(image));
    }

    private static void copyLog(Path live, Path image) throws IOException {
        for (Path segment : segments(live)) {
            Files.copy(segment, image.resolve("log").resolve(segment.getFileName()));
        }
    }

    private static List<Path> segments(Path store) throws IOException {
        try (Stream<Path> files = Files.list(store.resolve("log"))) {
            return files.filter(file -> file.toString().endsWith(Segment.SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    /** Some pages of the base images already hold what was applied after the checkpoint. */
    private static void mixBases(Path live, Path image, Random random) throws IOException {
        for (String name : List.of("root.img", "data.img")) {
            byte[] older = Files.readAllBytes(image.resolve(name));
            byte[] newer = Files.readAllBytes(live.resolve(name));
            for (int page = 0; page < older.length; page += 4096) {
                if (random.nextBoolean()) {
                    System.arraycopy(newer, page, older, page, 4096);
                }
            }
            Files.write(image.resolve(name), older);
        }
    }

    private static void damageLog(Path image, Position durable, Random random) throws IOException {
        int keepPercent = random.nextInt(101);
        for (Path path : segments(image)) {
            byte[] bytes = Files.readAllBytes(path);
            long start = ByteBuffer.wrap(bytes).getLong(16);
            if (start >= durable.value() && start > 0 && random.nextInt(4) == 0) {
                Files.delete(path);
                continue;
            }
            long from = start > 0 && start >= durable.value() ? 0 : durable.value() - start + Segment.HEADER_BYTES;
            for (int at = (int) Math.min(from, bytes.length); at < bytes.length; at += SECTOR_BYTES) {
                if (random.nextInt(100) >= keepPercent) {
                    damage(bytes, at, Math.min(bytes.length, at + SECTOR_BYTES), random);
                }
            }
            Files.write(path, bytes);
        }
    }

    private static void damage(byte[] bytes, int from, int to, Random random) {
        boolean garbage = random.nextInt(4) == 0;
        for (int at = from; at < to; at++) {
            bytes[at] = garbage ? (byte) random.nextInt() : 0;
        }
    }

    private static Position comesUp(Path image, History history, Position durable) throws IOException {
        try (GroupStore store = GroupStore.open(image, LIMITS)) {
            assertThat(store.head()).isGreaterThanOrEqualTo(durable);
            assertThat(store.durable()).isEqualTo(store.head());
            assertHolds(store, history);
            return store.head();
        }
    }

    /** New records take the place of lost ones, and what was lost never comes back. */
    private static void goesOn(Path image, History history) throws Exception {
        try (GroupStore store = GroupStore.open(image, LIMITS)) {
            history.change(store, 20);
        }
        try (GroupStore store = GroupStore.open(image, LIMITS)) {
            assertHolds(store, history);
            store.holdAt(store.head()).close();
            assertHolds(store, history);
        }
    }

    private static void assertHolds(GroupStore store, History history) throws IOException {
        Map<DiskName, byte[]> expected = history.at(store.head(), store.disks());
        for (DiskSpec disk : store.disks()) {
            byte[] content = StoreFixture.read(store.disk(disk.name()), 0, (int) SIZE.bytes());
            assertThat(content).as("disk %s", disk.name()).isEqualTo(expected.get(disk.name()));
        }
    }
}
