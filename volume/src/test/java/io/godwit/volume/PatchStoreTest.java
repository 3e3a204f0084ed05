package io.godwit.volume;

import static io.godwit.volume.StoreFixture.DATA;
import static io.godwit.volume.StoreFixture.LIMITS;
import static io.godwit.volume.StoreFixture.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.DiskName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store over the disks of another one: it says what they are to become, and the other one stays as it is until it is merged. */
class PatchStoreTest {
    private static final int SIZE = (int) StoreFixture.DISK_SIZE.bytes();

    @TempDir
    Path directory = Path.of("");

    private GroupStore source;
    private GroupStore below;

    /** What the patched disk must hold. */
    private final byte[] expected = new byte[SIZE];

    @BeforeEach
    void fill() throws Exception {
        source = StoreFixture.primary(directory.resolve("source"));
        Files.createDirectories(directory.resolve("images"));
        Files.createDirectories(directory.resolve("store"));
        below = GroupStore.create(
                directory.resolve("store"),
                StoreFixture.specs(directory.resolve("images")),
                Role.REPLICA,
                Term.FIRST,
                Position.START,
                LIMITS);
        source.log().retain("below", below.head());
        for (int i = 0; i < 40; i++) {
            change(source.disk(ROOT), new Random(i), expected);
        }
        StoreFixture.ship(source, below);
        source.log().forget("below");
    }

    @AfterEach
    void close() throws IOException {
        below.close();
        source.close();
    }

    private static void change(Disk disk, Random random, byte[] mirror) throws IOException {
        int length = 512 * (1 + random.nextInt(300));
        int offset = 512 * random.nextInt((SIZE - length) / 512);
        byte[] bytes = new byte[length];
        switch (random.nextInt(4)) {
            case 0 -> disk.trim(offset, length);
            case 1 -> disk.zero(offset, length);
            default -> {
                random.nextBytes(bytes);
                disk.write(offset, ByteBuffer.wrap(bytes));
            }
        }
        System.arraycopy(bytes, 0, mirror, offset, length);
    }

    private Path patch() {
        return directory.resolve("store.next");
    }

    private GroupStore begin() throws Exception {
        source.awaitDurable(source.head());
        return PatchStore.create(patch(), below, source.term(), source.end(), source.terms(), LIMITS);
    }

    private static byte[] content(GroupStore store, DiskName disk) throws IOException {
        return StoreFixture.read(store.disk(disk), 0, SIZE);
    }

    /** Writes a chunk as a copy would, or clears a range. */
    private void patch(GroupStore next, Random random) throws IOException {
        int length = 512 * (1 + random.nextInt(200));
        int offset = 512 * random.nextInt((SIZE - length) / 512);
        byte[] bytes = new byte[length];
        if (random.nextInt(3) == 0) {
            next.zeroBase(ROOT, offset, length);
        } else {
            random.nextBytes(bytes);
            next.writeBase(
                    ROOT, offset, ByteBuffer.allocateDirect(length).put(bytes).flip());
        }
        System.arraycopy(bytes, 0, expected, offset, length);
    }

    @RepeatedTest(3)
    void itReadsAsTheOtherOneWithThePatchOverIt() throws Exception {
        long seed = System.nanoTime();
        System.out.println("PatchStoreTest seed " + seed);
        Random random = new Random(seed);
        byte[] before = content(below, ROOT);
        GroupStore next = begin();
        source.log().retain("next", next.head());
        for (int i = 0; i < 60; i++) {
            patch(next, random);
        }
        for (int i = 0; i < 60; i++) {
            change(source.disk(ROOT), random, expected);
        }
        StoreFixture.ship(source, next);
        assertThat(content(next, ROOT)).as("seed %d", seed).isEqualTo(expected);
        assertThat(content(below, ROOT)).as("seed %d", seed).isEqualTo(before);
        next.awaitImages(next.head());
        next.syncBase();
        assertThat(content(next, ROOT)).as("seed %d", seed).isEqualTo(expected);
        next.close();
        next = PatchStore.open(patch(), below, LIMITS);
        assertThat(content(next, ROOT)).as("seed %d, reopened", seed).isEqualTo(expected);
        assertThat(content(below, ROOT)).as("seed %d", seed).isEqualTo(before);
        next.close();
        mergeWithStops(random);
        try (GroupStore merged = GroupStore.open(directory.resolve("store"), LIMITS)) {
            assertThat(content(merged, ROOT)).as("seed %d, merged", seed).isEqualTo(expected);
            assertThat(content(merged, DATA)).isEqualTo(new byte[SIZE]);
            assertThat(merged.end()).isEqualTo(source.end());
            assertThat(merged.terms()).isEqualTo(source.terms());
        }
    }

    /** Each step is repeated, and the first one is even begun in the middle, as after a crash. */
    private void mergeWithStops(Random random) throws Exception {
        below.awaitImages(below.head());
        below.close();
        byte[] image = Files.readAllBytes(directory.resolve("images/root.img"));
        PatchStore.mergeImages(patch(), specs());
        byte[] merged = Files.readAllBytes(directory.resolve("images/root.img"));
        for (int page = 0; page < SIZE; page += 4096) {
            System.arraycopy(random.nextBoolean() ? merged : image, page, image, page, 4096);
        }
        Files.write(directory.resolve("images/root.img"), image);
        PatchStore.mergeImages(patch(), specs());
        Files.delete(directory.resolve("store/store"));
        PatchStore.replace(patch(), directory.resolve("store"));
        PatchStore.replace(patch(), directory.resolve("store"));
        assertThat(patch()).doesNotExist();
    }

    private List<DiskSpec> specs() {
        return below.disks();
    }

    @Test
    void zeroesOverHolesCostNothing() throws Exception {
        try (GroupStore next = begin()) {
            next.zeroBase(DATA, 0, SIZE);
            next.syncBase();
            assertThat(Files.size(patch().resolve("patch-1.map"))).isZero();
            assertThat(next.disk(DATA).extents(0, SIZE, 4)).hasSize(1);
        }
    }

    @Test
    void theTermsOfALogSayWhereTwoHistoriesPart() throws Exception {
        LogEnd parting = source.end();
        source.promote(new Term(2));
        change(source.disk(ROOT), new Random(1), expected);
        below.promote(new Term(3));
        below.promote(new Term(4));
        assertThat(TermStart.common(source.terms(), source.end(), below.terms(), below.end()))
                .contains(parting);
        assertThat(TermStart.common(source.terms(), source.end(), List.of(), below.end()))
                .isEmpty();
        assertThat(below.terms()).hasSize(3);
        below.close();
        try (GroupStore again = GroupStore.open(directory.resolve("store"), LIMITS)) {
            assertThat(again.terms()).isEqualTo(below.terms());
        }
        assertThat(Arrays.asList(parting, source.end())).doesNotHaveDuplicates();
        assertThat(parting.position()).isGreaterThan(Position.START);
    }
}
