package io.godwit.volume.nbd;

import static io.godwit.volume.StoreFixture.DISK_SIZE;
import static io.godwit.volume.StoreFixture.ROOT;
import static io.godwit.volume.StoreFixture.random;
import static io.godwit.volume.StoreFixture.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;
import io.godwit.volume.StoreFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Programs that use several connections at once, many requests at once, or the disk as a file. */
class NbdProgramsTest {
    private static final int SIZE = Math.toIntExact(DISK_SIZE.bytes());

    @TempDir
    Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private GroupStore store;

    @SuppressWarnings("NullAway.Init")
    private NbdServer server;

    private Path socket = Path.of("");

    @BeforeEach
    void start() throws IOException {
        store = StoreFixture.primary(directory.resolve("store"));
        socket = directory.resolve("nbd.sock");
        server = new NbdServer(socket, List.of(new NbdExport("root", store.disk(ROOT), DurabilityRule.local(store))));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        store.close();
    }

    private String uri() {
        return "nbd+unix:///root?socket=" + socket;
    }

    @Test
    void nbdcopyBringsAnImageHereAndBackOverFourConnections() throws Exception {
        byte[] image = new byte[SIZE];
        random(21, 7 << 20).get(image, 3 << 20, 7 << 20);
        Path source = Files.write(directory.resolve("source.raw"), image);
        Path back = directory.resolve("back.raw");
        Program.succeed("nbdcopy", "--connections=4", "--flush", source.toString(), uri());
        assertThat(store.durable()).isEqualTo(store.head());
        Program.succeed("nbdcopy", "--connections=4", uri(), back.toString());
        assertThat(Files.mismatch(source, back)).isNegative();
        assertThat(read(store.disk(ROOT), 0, SIZE)).isEqualTo(image);
    }

    @Test
    void qemuImgKeepsManyRequestsUnderWay() throws Exception {
        store.disk(ROOT).write(0, random(22, SIZE / 2));
        byte[] before = read(store.disk(ROOT), 0, SIZE);
        Program.succeed("qemu-img", "bench", "-q", "-f", "raw", "-c", "3000", "-d", "32", "-s", "4096", uri());
        assertThat(read(store.disk(ROOT), 0, SIZE)).isEqualTo(before);
        Program.succeed(
                "qemu-img",
                "bench",
                "-q",
                "-f",
                "raw",
                "-w",
                "--pattern=165",
                "--flush-interval=64",
                "-c",
                "4096",
                "-d",
                "32",
                "-s",
                "4096",
                uri());
        assertThat(read(store.disk(ROOT), 0, SIZE)).containsOnly(165);
    }

    @Test
    void fioFindsItsOwnDataAgainWithSeveralJobs() throws Exception {
        Program.succeed(
                "fio",
                "--name=verify",
                "--ioengine=nbd",
                "--uri=" + uri(),
                "--rw=randwrite",
                "--bsrange=512-64k",
                "--iodepth=8",
                "--numjobs=3",
                "--size=5m",
                "--offset_increment=5m",
                "--fsync=32",
                "--randseed=2",
                "--verify_state_save=0",
                "--verify_fatal=1",
                "--verify=crc32c");
    }

    /** What a flush on one connection covers, whichever connection it was written on. */
    @Test
    void aFlushCoversWhatWasAnsweredOnAnotherConnection() throws Exception {
        try (NbdClient writer = NbdClient.connect(socket, "root");
                NbdClient other = NbdClient.connect(socket, "root")) {
            for (int round = 1; round <= 20; round++) {
                writer.request(0, 1, round, round * 512L, 3, (byte) 1, (byte) 2, (byte) round);
                assertThat(writer.reply(round)).isZero();
                other.request(0, 0, round, round * 512L, 3);
                assertThat(other.reply(round)).isZero();
                assertThat(other.data(3)).containsExactly(1, 2, round);
                var written = store.head();
                other.request(0, 3, 100 + round, 0, 0);
                assertThat(other.reply(100 + round)).isZero();
                assertThat(store.durable().reaches(written)).isTrue();
            }
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "user.name", matches = "root", disabledReason = "mounting needs root")
    void nbdfuseShowsTheDiskAsAFile() throws Exception {
        Path file = Files.createFile(directory.resolve("disk"));
        Process fuse = new ProcessBuilder("nbdfuse", "--connections", "4", file.toString(), uri())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("nbdfuse.txt").toFile())
                .start();
        try {
            for (int attempt = 0; attempt < 1200 && Files.size(file) != SIZE; attempt++) {
                Thread.sleep(25);
            }
            byte[] content = random(23, 3 << 20).array();
            try (FileChannel disk = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                disk.write(ByteBuffer.wrap(content), 4_000_001);
                disk.force(true);
            }
            assertThat(store.durable()).isEqualTo(store.head());
            assertThat(read(store.disk(ROOT), 4_000_001, content.length)).isEqualTo(content);
            assertThat(Files.readAllBytes(file)).isEqualTo(read(store.disk(ROOT), 0, SIZE));
        } finally {
            Program.run("umount", file.toString());
            if (!fuse.waitFor(20, TimeUnit.SECONDS)) {
                fuse.destroyForcibly().waitFor();
            }
        }
    }
}
