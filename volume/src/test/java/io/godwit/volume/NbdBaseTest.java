package io.godwit.volume;

import static io.godwit.volume.StoreFixture.LIMITS;
import static io.godwit.volume.StoreFixture.random;
import static io.godwit.volume.StoreFixture.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.DiskExtent.Content;
import io.godwit.volume.libnbd.ServerAwayException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk whose base image is an export of somebody else's NBD server. */
class NbdBaseTest {
    private static final DiskName DISK = new DiskName("root");
    private static final ByteCount SIZE = ByteCount.ofMiB(16);

    @TempDir
    Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private BaseServer server;

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    private Path socket() {
        return directory.resolve("base.sock");
    }

    private GroupStore create() throws IOException {
        Path home = Files.createDirectories(directory.resolve("store"));
        DiskSpec spec = new DiskSpec(DISK, SIZE, BaseLocation.parse("nbd+unix:///?socket=" + socket()));
        return GroupStore.create(home, List.of(spec), Role.PRIMARY, Term.FIRST, Position.START, LIMITS);
    }

    private GroupStore reopen() throws IOException {
        return GroupStore.open(directory.resolve("store"), LIMITS);
    }

    private static void awaitApplied(GroupStore store) throws InterruptedException {
        store.awaitDurable(store.head());
        store.holdAt(store.head()).close();
    }

    /** Above, one disk of everything that a log can say; below, what the server has of it. */
    private static byte[] change(GroupStore store) throws IOException {
        Disk disk = store.disk(DISK);
        disk.write(0, random(1, 3 << 20));
        disk.write(5_000_001, random(2, 777));
        disk.zero(1 << 20, 300_000);
        disk.trim((2 << 20) + 511, 100_001);
        disk.write(SIZE.bytes() - 512, random(3, 512));
        return read(disk, 0, Math.toIntExact(SIZE.bytes()));
    }

    @Test
    void qcow2BelowHoldsWhatTheLogSays() throws Exception {
        Path image = directory.resolve("base.qcow2");
        BaseServer.run("qemu-img", "create", "-q", "-f", "qcow2", image.toString(), "16M");
        server = BaseServer.qemu(socket(), "qcow2", image);
        byte[] expected;
        try (GroupStore store = create()) {
            expected = change(store);
            awaitApplied(store);
            assertThat(read(store.disk(DISK), 0, expected.length)).isEqualTo(expected);
        }
        server.close();
        Path raw = directory.resolve("raw");
        BaseServer.run("qemu-img", "convert", "-f", "qcow2", "-O", "raw", image.toString(), raw.toString());
        assertThat(Files.readAllBytes(raw)).isEqualTo(expected);
    }

    /** Blocks of 4 KiB at least, 64 KiB at most, no zeroing, no extents, one connection: all that a server may lack. */
    @Test
    void aServerThatCanDoLittleIsEnough() throws Exception {
        Path image = Files.write(directory.resolve("base.raw"), new byte[Math.toIntExact(SIZE.bytes())]);
        server = BaseServer.nbdkit(
                socket(),
                "--filter=blocksize-policy",
                "--filter=nozero",
                "--filter=noextents",
                "--filter=multi-conn",
                "file",
                image.toString(),
                "blocksize-minimum=4096",
                "blocksize-preferred=4096",
                "blocksize-maximum=65536",
                "blocksize-error-policy=error",
                "multi-conn-mode=disable");
        byte[] expected;
        try (GroupStore store = create()) {
            expected = change(store);
            awaitApplied(store);
            assertThat(read(store.disk(DISK), 0, expected.length)).isEqualTo(expected);
            assertThat(read(store.disk(DISK), 4_999_999, 781)).hasSize(781);
        }
        assertThat(Files.readAllBytes(image)).isEqualTo(expected);
    }

    @Test
    void holesBelowAreKnown() throws Exception {
        server = BaseServer.nbdkit(socket(), "memory", "16M");
        try (GroupStore store = create()) {
            store.disk(DISK).write(4 << 20, random(4, 1 << 20));
            awaitApplied(store);
            List<DiskExtent> runs = store.disk(DISK).extents(0, SIZE.bytes(), 10);
            assertThat(runs)
                    .containsExactly(
                            new DiskExtent(0, 4 << 20, Content.HOLE),
                            new DiskExtent(4 << 20, 1 << 20, Content.DATA),
                            new DiskExtent(5 << 20, 11 << 20, Content.HOLE));
        }
    }

    /** The server is killed with changes in its memory that it has answered, and comes back with the image of before. */
    @Test
    void aServerThatLostWhatItHadAnsweredGetsItAgain() throws Exception {
        Path image = Files.write(directory.resolve("base.raw"), new byte[Math.toIntExact(SIZE.bytes())]);
        Path before = Files.copy(image, directory.resolve("before.raw"));
        server = BaseServer.nbdkit(socket(), "--filter=delay", "file", image.toString(), "delay-write=20ms");
        byte[] expected;
        try (GroupStore store = create()) {
            Disk disk = store.disk(DISK);
            try (ApplyHold inOneBatch = store.stopAt(store.head())) {
                for (int block = 0; block < 64; block++) {
                    disk.write(block * 8192L, random(block, 4096));
                }
                store.awaitDurable(store.head());
                assertThat(inOneBatch.position()).isEqualTo(Position.START);
            }
            expected = read(disk, 0, Math.toIntExact(SIZE.bytes()));
            BaseServer.awaitTrue(() -> Files.mismatch(image, before) >= 0);
            server.kill();
            Files.copy(before, image, StandardCopyOption.REPLACE_EXISTING);
            BaseServer.awaitTrue(() -> store.status().imagesAway().isPresent());
            assertThat(store.status().failure()).isEmpty();
            CompletableFuture<byte[]> waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    return read(disk, 8 << 20, 4096);
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            });
            disk.write(9 << 20, ByteBuffer.wrap(new byte[] {1}));
            expected[9 << 20] = 1;
            server = BaseServer.nbdkit(socket(), "file", image.toString());
            assertThat(waiting.get(60, TimeUnit.SECONDS)).containsOnly(0);
            awaitApplied(store);
            BaseServer.awaitTrue(() -> store.status().imagesAway().isEmpty());
        }
        assertThat(Files.readAllBytes(image)).isEqualTo(expected);
    }

    /** What was applied, and forgotten by the log, before it came into the index would be looked for in a log that is gone. */
    @Test
    void nothingIsAppliedWhileARecordMayBeOnItsWayIntoTheIndex() throws Exception {
        server = BaseServer.nbdkit(socket(), "--filter=delay", "--filter=noextents", "memory", "16M", "delay-read=2");
        try (GroupStore store = create()) {
            Disk disk = store.disk(DISK);
            read(disk, 0, 1);
            CompletableFuture<Position> appending;
            try (ApplyHold untilOneAppends = store.stopAt(store.head())) {
                disk.write(0, random(8, 4096));
                store.awaitDurable(store.head());
                appending = CompletableFuture.supplyAsync(() -> repeat(disk, 8 << 20));
                Thread.sleep(200);
                assertThat(untilOneAppends.position()).isEqualTo(Position.START);
            }
            Thread.sleep(500);
            Position applied = store.applied();
            assertThat(appending).isNotDone();
            assertThat(applied).isEqualTo(Position.START);
            appending.get(60, TimeUnit.SECONDS);
            awaitApplied(store);
        }
    }

    private static Position repeat(Disk disk, long offset) {
        try {
            return disk.repeat(offset, 4096);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void aStoreOpensWithoutItsServerAndTheLogIsReplayedWhenItComes() throws Exception {
        Path image = Files.write(directory.resolve("base.raw"), new byte[Math.toIntExact(SIZE.bytes())]);
        server = BaseServer.nbdkit(socket(), "file", image.toString());
        create().close();
        server.kill();
        byte[] written = new byte[4096];
        random(5, 4096).get(written);
        try (GroupStore store = reopen()) {
            store.disk(DISK).write(0, ByteBuffer.wrap(written));
            store.awaitDurable(store.head());
            assertThat(read(store.disk(DISK), 0, 4096)).isEqualTo(written);
        }
        try (GroupStore store = reopen()) {
            server = BaseServer.nbdkit(socket(), "file", image.toString());
            awaitApplied(store);
        }
        assertThat(Files.readAllBytes(image)).startsWith(written);
    }

    @Test
    void nobodyWaitsForAServerWhenTheStoreIsClosed() throws Exception {
        server = BaseServer.nbdkit(socket(), "memory", "16M");
        GroupStore store = create();
        server.freeze();
        CompletableFuture<Throwable> reading = CompletableFuture.supplyAsync(() -> {
            try {
                read(store.disk(DISK), 0, 4096);
                throw new AssertionError("nobody can have answered");
            } catch (IOException givenUp) {
                return givenUp;
            }
        });
        store.disk(DISK).write(1 << 20, random(6, 4096));
        store.awaitDurable(store.head());
        store.close();
        assertThat(reading.get(60, TimeUnit.SECONDS)).isInstanceOf(ServerAwayException.class);
    }

    @Test
    void waitingIsSwitchedOffForAMoment() throws Exception {
        server = BaseServer.nbdkit(socket(), "memory", "16M");
        try (GroupStore store = create()) {
            server.close();
            store.waitForServers(false);
            assertThatThrownBy(() -> read(store.disk(DISK), 0, 1)).isInstanceOf(ServerAwayException.class);
            store.waitForServers(true);
            server = BaseServer.nbdkit(socket(), "memory", "16M");
            assertThat(read(store.disk(DISK), 0, 1)).containsExactly(0);
            store.disk(DISK).write(0, ByteBuffer.wrap(new byte[] {7}));
            awaitApplied(store);
            assertThat(store.status().imagesAway()).isEmpty();
        }
    }

    @Test
    void whatCanNotBeABaseImageIsRefused() throws Exception {
        assertRefused(ErrorCode.UNREACHABLE, "is away");
        server = BaseServer.nbdkit(socket(), "-r", "memory", "16M");
        assertRefused(ErrorCode.UNSUPPORTED, "is read-only");
        server.close();
        server = BaseServer.nbdkit(socket(), "memory", "15M");
        assertRefused(ErrorCode.CONFLICT, "15728640");
        server.close();
        server = BaseServer.nbdkit(
                socket(),
                "eval",
                "get_size=echo 16M",
                "pread=dd if=/dev/zero count=$3 iflag=count_bytes",
                "pwrite=cat>/dev/null");
        assertRefused(ErrorCode.UNSUPPORTED, "can't flush");
        assertThat(directory.resolve("store/store")).doesNotExist();
    }

    private void assertRefused(ErrorCode code, String words) {
        assertThatThrownBy(this::create).isInstanceOfSatisfying(GodwitException.class, refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.sentence()).contains(words);
        });
    }
}
