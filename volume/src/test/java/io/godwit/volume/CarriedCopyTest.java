package io.godwit.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy in a directory is either exactly what was written there, or is refused in a sentence. */
class CarriedCopyTest {
    private static final GroupName SHOP = new GroupName("shop");
    private static final DiskName ROOT = new DiskName("root");
    private static final ByteCount SIZE = ByteCount.ofMiB(4);
    private static final LogEnd END = new LogEnd(new Position(4096), 0x80c0ffee);

    private static final CopyWatch UNWATCHED = new CopyWatch() {
        @Override
        public void begin(Step step, long bytes) {}

        @Override
        public void done(long bytes) {}
    };

    @TempDir
    Path directory = Path.of("");

    private Path medium() {
        return directory.resolve("medium");
    }

    private List<DiskSpec> disks() {
        return List.of(new DiskSpec(ROOT, SIZE, directory.resolve("root.img")));
    }

    /** A copy with a few bytes on one disk. */
    private CarriedCopy copy() throws IOException {
        try (CopyDirectory taken = CopyDirectory.take(medium(), disks(), SIZE)) {
            BaseImages.make(taken.images().getFirst());
            write("root.raw", 1 << 20, 7);
            taken.finish(SHOP, Term.FIRST, END, UNWATCHED);
        }
        return new CarriedCopy(medium());
    }

    private void write(String file, long offset, int value) throws IOException {
        try (RandomAccessFile image =
                new RandomAccessFile(medium().resolve(file).toFile(), "rw")) {
            image.seek(offset);
            image.write(value);
        }
    }

    private static void assertRefused(ThrowingCallable call, ErrorCode code, String sentence) {
        assertThatThrownBy(call).isInstanceOfSatisfying(GodwitException.class, refusal -> {
            assertThat(refusal.sentence()).contains(sentence);
            assertThat(refusal.code()).isEqualTo(code);
            assertThat(code.refused()).isTrue();
        });
    }

    private void bring(CarriedCopy copy) throws IOException {
        CopyManifest.Disk disk = copy.manifest().disks().getFirst();
        Path here = directory.resolve("here.raw");
        Files.deleteIfExists(here);
        copy.copy(disk, here, UNWATCHED);
        copy.verify(disk, here, UNWATCHED);
    }

    @Test
    void aCopySaysWhatItIsAndIsBroughtOverWithItsHoles() throws Exception {
        CarriedCopy copy = copy();
        CopyManifest manifest = copy.manifest();
        assertThat(manifest.group()).isEqualTo(SHOP);
        assertThat(manifest.end()).isEqualTo(END);
        assertThat(manifest.disks()).extracting(CopyManifest.Disk::size).containsExactly(SIZE);
        bring(copy);
        assertThat(Files.mismatch(directory.resolve("here.raw"), medium().resolve("root.raw")))
                .isNegative();
        assertThat(CarriedCopy.allocated(directory.resolve("here.raw"))).isLessThan(ByteCount.ofMiB(1));
        try (var files = Files.list(medium())) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void aDamagedFileIsRefused() throws Exception {
        CarriedCopy copy = copy();
        bring(copy);
        write("root.raw", (1 << 20) + 5, 1);
        assertRefused(() -> bring(copy), ErrorCode.BAD_INPUT, "root.raw is damaged");
        write("root.raw", (1 << 20) + 5, 0);
        bring(copy);
        write("root.raw", 3 << 20, 1);
        assertRefused(() -> bring(copy), ErrorCode.BAD_INPUT, "root.raw is damaged");
        try (RandomAccessFile image =
                new RandomAccessFile(medium().resolve("root.raw").toFile(), "rw")) {
            image.setLength(SIZE.bytes() - 4096);
        }
        assertRefused(copy::manifest, ErrorCode.BAD_INPUT, "has 4190208 bytes, but its disk has 4194304");
        Files.delete(medium().resolve("root.raw"));
        assertRefused(copy::manifest, ErrorCode.BAD_INPUT, "there is no file");
        Files.createSymbolicLink(medium().resolve("root.raw"), medium().resolve("godwit-copy"));
        assertRefused(copy::manifest, ErrorCode.BAD_INPUT, "there is no file");
    }

    @Test
    void noByteOfTheManifestCanBeAnotherOne() throws Exception {
        CarriedCopy copy = copy();
        Path file = medium().resolve("godwit-copy");
        byte[] right = Files.readAllBytes(file);
        for (int i = 0; i < right.length; i++) {
            byte[] wrong = right.clone();
            wrong[i] ^= 4;
            Files.write(file, wrong);
            assertRefused(copy::manifest, ErrorCode.BAD_INPUT, "godwit-copy");
        }
        Files.write(file, new byte[CopyManifest.MAX_BYTES + 1]);
        assertRefused(copy::manifest, ErrorCode.BAD_INPUT, "too large");
        Files.delete(file);
        assertRefused(copy::manifest, ErrorCode.NOT_FOUND, "holds no copy of a group");
    }

    /** Lines in place of others, with a right checksum, as somebody might write them. */
    @Test
    void whateverAManifestSaysItIsReadOrRefused() throws Exception {
        long seed = System.nanoTime();
        System.out.println("CarriedCopyTest seed " + seed);
        Random random = new Random(seed);
        String digest = "0123456789abcdef".repeat(4);
        List<String> right =
                List.of("group shop", "term 1", "position 8", "chain 9", "at 10", "disk root 4096 4096 " + digest);
        String[] words = {
            "group",
            "term",
            "position",
            "chain",
            "at",
            "disk",
            "shop",
            "../shop",
            "-1",
            "0",
            "4096",
            "4097",
            "99999999999999999999",
            "9223372036854775807",
            digest,
            digest.substring(1),
            "",
            " ",
            "Ä",
            "root"
        };
        int read = 0;
        for (int i = 0; i < 3_000; i++) {
            List<String> lines = new ArrayList<>(right);
            for (int change = random.nextInt(3); change >= 0; change--) {
                int line = random.nextInt(lines.size());
                List<String> changed = new ArrayList<>(List.of(lines.get(line).split(" ", -1)));
                switch (random.nextInt(4)) {
                    case 0 -> changed.set(random.nextInt(changed.size()), words[random.nextInt(words.length)]);
                    case 1 -> changed.add(words[random.nextInt(words.length)]);
                    case 2 -> lines.add(lines.get(random.nextInt(lines.size())));
                    default -> changed.removeLast();
                }
                lines.set(line, String.join(" ", changed));
            }
            StateText text = new StateText(CopyManifest.TITLE, lines);
            Throwable outcome = catchThrowable(() -> CopyManifest.of(text));
            if (outcome == null) {
                read++;
            } else {
                assertThat(outcome).as("seed %d: %s", seed, lines).isInstanceOf(GodwitException.class);
            }
        }
        assertThat(read).isBetween(1, 2_900);
    }

    @Test
    void onlyADirectoryOfItsOwnIsTaken() throws Exception {
        Path absent = directory.resolve("not/there");
        assertRefused(() -> CopyDirectory.take(absent, disks(), SIZE), ErrorCode.NOT_FOUND, "is no directory");
        Path file = Files.createFile(directory.resolve("file"));
        assertRefused(() -> CopyDirectory.take(file, disks(), SIZE), ErrorCode.NOT_FOUND, "is no directory");
        Files.createDirectory(medium());
        Path other = Files.createFile(medium().resolve("root.raw"));
        assertRefused(() -> CopyDirectory.take(medium(), disks(), SIZE), ErrorCode.CONFLICT, "is not empty");
        assertThat(other).exists();
        Files.delete(other);
        ByteCount much = new ByteCount(Long.MAX_VALUE);
        assertRefused(() -> CopyDirectory.take(medium(), disks(), much), ErrorCode.CONFLICT, "has room for");
        assertThat(medium()).isEmptyDirectory();
        copy();
        assertRefused(() -> CopyDirectory.take(medium(), disks(), SIZE), ErrorCode.CONFLICT, "is not empty");
    }

    @Test
    void whatWasNotFinishedIsRemovedOrBegunAnew() throws Exception {
        try (CopyDirectory taken = CopyDirectory.take(medium(), disks(), SIZE)) {
            BaseImages.make(taken.images().getFirst());
            assertRefused(
                    () -> CopyDirectory.take(medium(), disks(), SIZE), ErrorCode.CONFLICT, "another export is writing");
        }
        assertThat(medium()).isEmptyDirectory();
        Path left = medium().resolve("godwit-copy.unfinished");
        Files.write(medium().resolve("root.raw"), new byte[5], StandardOpenOption.CREATE_NEW);
        Files.createFile(left);
        copy();
        assertThat(left).doesNotExist();
        bring(new CarriedCopy(medium()));
    }
}
