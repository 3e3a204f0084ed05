package io.godwit.volume.nbd;

import static io.godwit.volume.StoreFixture.DATA;
import static io.godwit.volume.StoreFixture.DISK_SIZE;
import static io.godwit.volume.StoreFixture.ROOT;
import static io.godwit.volume.StoreFixture.random;
import static io.godwit.volume.StoreFixture.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.DiskName;
import io.godwit.core.Position;
import io.godwit.volume.ApplyHold;
import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;
import io.godwit.volume.StoreFixture;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What QEMU's tools, libnbd's and fio make of our server. */
class NbdInteropTest {
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
        DurabilityRule rule = DurabilityRule.local(store);
        server = new NbdServer(
                socket,
                List.of(new NbdExport("root", store.disk(ROOT), rule), new NbdExport("data", store.disk(DATA), rule)));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        store.close();
        assertThat(socket).doesNotExist();
    }

    private String uri(String export) {
        return "nbd+unix:///%s?socket=%s".formatted(export, socket);
    }

    @Test
    void libnbdSeesWhatIsOffered() throws Exception {
        String list = Program.succeed("nbdinfo", "--list", uri(""));
        assertThat(list).contains("export=\"root\"", "export=\"data\"", "export-size: 16777216");
        String info = Program.succeed("nbdinfo", uri("root"));
        assertThat(info)
                .contains(
                        "protocol: newstyle-fixed",
                        "structured packets",
                        "base:allocation",
                        "is_read_only: false",
                        "can_cache: true",
                        "can_fast_zero: true",
                        "can_flush: true",
                        "can_fua: true",
                        "can_multi_conn: true",
                        "can_trim: true",
                        "can_zero: true",
                        "block_size_minimum: 1",
                        "block_size_preferred: 4096",
                        "block_size_maximum: 33554432");
        assertThat(Program.run("nbdinfo", uri("none")).exit()).isNotZero();
    }

    @Test
    void qemuReadsBackThePatternsItWrote() throws Exception {
        String said = Program.succeed(
                "qemu-io",
                "-f",
                "raw",
                "-d",
                "unmap",
                uri("root"),
                "-c",
                "write -P 0xa5 0 3M",
                "-c",
                "write -P 0x5a 1000 555",
                "-c",
                "write -f -P 0x11 5M 64k",
                "-c",
                "write -z 64k 64k",
                "-c",
                "write -z -u 1M 1M",
                "-c",
                "discard 2M 512k",
                "-c",
                "flush",
                "-c",
                "read -P 0x5a 1000 555",
                "-c",
                "read -P 0xa5 1555 63981",
                "-c",
                "read -P 0 64k 64k",
                "-c",
                "read -P 0 1M 1M",
                "-c",
                "read -P 0 2M 512k",
                "-c",
                "read -P 0x11 5M 64k",
                "-c",
                "read -P 0 6M 10M");
        assertThat(said).doesNotContainIgnoringCase("fail").doesNotContain("error");
        assertThat(store.durable()).isEqualTo(store.head());
        store.holdAt(store.head()).close();
        assertThat(read(store.disk(ROOT), 1 << 20, 1 << 20)).containsOnly(0);
        Program.succeed("qemu-io", "-r", "-f", "raw", uri("root"), "-c", "read -P 0x5a 1000 555");
    }

    @Test
    void aConvertedImageIsTheSameAndItsHolesAreKnown() throws Exception {
        Path source = directory.resolve("source.raw");
        byte[] image = new byte[(int) DISK_SIZE.bytes()];
        random(7, 3 << 20).get(image, 1 << 20, 3 << 20);
        Files.write(source, image);
        Program.succeed("qemu-img", "convert", "-n", "-f", "raw", "-O", "raw", source.toString(), uri("root"));
        Program.succeed("qemu-img", "compare", "-f", "raw", "-F", "raw", source.toString(), uri("root"));
        String map = Program.succeed("nbdinfo", "--map", uri("root"));
        assertThat(map.lines().filter(line -> line.endsWith("data")))
                .singleElement()
                .asString()
                .containsPattern("1048576 +3145728 +0 ");
        assertThat(Program.succeed("qemu-img", "map", "--output=json", "-f", "raw", uri("root")))
                .contains("\"start\": 1048576, \"length\": 3145728, \"depth\": 0, \"present\": true, \"zero\": false");
        store.holdAt(store.head()).close();
        Program.succeed("qemu-img", "compare", "-f", "raw", "-F", "raw", source.toString(), uri("root"));
    }

    @Test
    void nbdcopyCopiesADiskToAnother() throws Exception {
        store.disk(ROOT).write(12_345, random(8, 5 << 20));
        Program.succeed("nbdcopy", uri("root"), uri("data"));
        assertThat(digest(DATA)).isEqualTo(digest(ROOT));
        Program.succeed("nbdcopy", uri("data"), directory.resolve("copy").toString());
        assertThat(Files.readAllBytes(directory.resolve("copy")))
                .isEqualTo(read(store.disk(ROOT), 0, (int) DISK_SIZE.bytes()));
    }

    /** What a client doesn't get as data it takes for zeroes: holes, zeroes in the log, data around them. */
    @Test
    void holesAreNotSentAndReadAsZeroes() throws Exception {
        store.disk(ROOT).write(300_000, random(9, 700_001));
        store.holdAt(store.head()).close();
        store.disk(ROOT).trim(400_000, 65_536);
        store.disk(ROOT).zero(4 << 20, 1 << 20);
        store.disk(ROOT).write(9 << 20, random(10, 3 << 20));
        Path copy = directory.resolve("copy");
        Program.succeed("nbdcopy", "--connections=4", "--request-size=1048576", uri("root"), copy.toString());
        assertThat(Files.readAllBytes(copy)).isEqualTo(read(store.disk(ROOT), 0, (int) DISK_SIZE.bytes()));
        Path data = directory.resolve("data");
        Program.succeed("nbdcopy", "--connections=4", "--allocated", copy.toString(), uri("data"));
        Program.succeed("nbdcopy", "--no-extents", uri("data"), data.toString());
        assertThat(data).hasSameBinaryContentAs(copy);
        Program.succeed("qemu-img", "compare", "-f", "raw", "-F", "raw", copy.toString(), uri("root"));
    }

    @Test
    void aReadOnlyExportSaysSoAndIsNotWritten() throws Exception {
        store.disk(ROOT).write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        Position head = store.head();
        server.add(new NbdExport("past", store.disk(ROOT), DurabilityRule.local(store), true));
        assertThat(Program.succeed("nbdinfo", uri("past")))
                .contains("is_read_only: true", "can_multi_conn: true", "can_df: true", "can_trim: false");
        Program.succeed("qemu-io", "-r", "-f", "raw", uri("past"), "-c", "read -P 3 2 1");
        assertThat(Program.run("qemu-io", "-f", "raw", uri("past"), "-c", "write 0 4k")
                        .exit())
                .isNotZero();
        assertThat(store.head()).isEqualTo(head);
    }

    /** nbdkit's nbd plugin understands our replies, and its own go to a client of ours through it. */
    @Test
    void nbdkitStandsInTheMiddle() throws Exception {
        Path source = directory.resolve("source.raw");
        byte[] image = new byte[(int) DISK_SIZE.bytes()];
        random(11, 5 << 20).get(image, 2 << 20, 5 << 20);
        Files.write(source, image);
        Path middle = directory.resolve("middle.sock");
        Program.succeed(
                "nbdkit",
                "-U",
                middle.toString(),
                "nbd",
                "socket=" + socket,
                "export=root",
                "--run",
                "nbdcopy %s \"$uri\" && qemu-img compare -f raw -F raw %s \"$uri\"".formatted(source, source));
        assertThat(read(store.disk(ROOT), 0, (int) DISK_SIZE.bytes())).isEqualTo(image);
    }

    private byte[] digest(DiskName disk) throws Exception {
        try (ApplyHold hold = store.holdAt(store.head())) {
            return hold.digest(disk);
        }
    }

    @Test
    void fioFindsItsOwnDataAgain() throws Exception {
        Program.succeed(
                "fio",
                "--name=verify",
                "--ioengine=nbd",
                "--uri=" + uri("root"),
                "--rw=randwrite",
                "--bs=4k",
                "--iodepth=16",
                "--io_size=8m",
                "--size=16m",
                "--fsync=16",
                "--randseed=1",
                "--verify_state_save=0",
                "--verify=crc32c");
    }

    @Test
    void aReplicaIsReadableAndRefusesWrites() throws Exception {
        store.disk(ROOT).write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        Position head = store.head();
        store.fence();
        assertThat(Program.run("qemu-io", "-f", "raw", uri("root"), "-c", "write 0 4k")
                        .output())
                .contains("Operation not permitted");
        Program.succeed("qemu-io", "-f", "raw", uri("root"), "-c", "read -P 1 0 1", "-c", "flush");
        assertThat(store.head()).isEqualTo(head);
    }

    /** QEMU waits for the next server and asks again what was not answered. */
    @Test
    void qemuOutlivesTheServer() throws Exception {
        String device = "driver=nbd,server.type=unix,server.path=%s,export=root,reconnect-delay=60".formatted(socket);
        Path output = directory.resolve("qemu-io.txt");
        Process qemu = new ProcessBuilder("qemu-io", "--image-opts", device)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try (BufferedWriter commands = qemu.outputWriter()) {
            say(commands, "write -P 0x33 0 1M");
            awaitText(output, "wrote 1048576/1048576 bytes at offset 0");
            server.close();
            say(commands, "write -f -P 0x55 2M 1M");
            Thread.sleep(200);
            server = new NbdServer(
                    socket, List.of(new NbdExport("root", store.disk(ROOT), DurabilityRule.local(store))));
            awaitText(output, "wrote 1048576/1048576 bytes at offset 2097152");
            say(commands, "read -P 0x33 0 1M");
            awaitText(output, "read 1048576/1048576 bytes at offset 0");
            say(commands, "quit");
            assertThat(qemu.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            qemu.destroyForcibly().waitFor();
        }
        assertThat(output).content().doesNotContainIgnoringCase("fail").doesNotContainIgnoringCase("error");
        assertThat(read(store.disk(ROOT), 2 << 20, 1 << 20)).containsOnly(0x55);
    }

    private static void say(BufferedWriter commands, String command) throws IOException {
        commands.write(command);
        commands.newLine();
        commands.flush();
    }

    private static void awaitText(Path file, String text) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < 1800 && !Files.readString(file).contains(text); attempt++) {
            Thread.sleep(50);
        }
        assertThat(file).content().contains(text);
    }
}
