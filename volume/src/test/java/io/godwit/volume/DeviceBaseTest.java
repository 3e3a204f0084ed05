package io.godwit.volume;

import static io.godwit.volume.StoreFixture.LIMITS;
import static io.godwit.volume.StoreFixture.random;
import static io.godwit.volume.StoreFixture.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.DiskExtent.Content;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A disk whose base image is a block device: here a loop device over a file. */
@EnabledIfSystemProperty(named = "user.name", matches = "root", disabledReason = "loop devices need root")
class DeviceBaseTest {
    private static final DiskName DISK = new DiskName("root");
    private static final ByteCount SIZE = ByteCount.ofMiB(16);

    @TempDir
    Path directory = Path.of("");

    private Path file = Path.of("");
    private Path device = Path.of("");

    @BeforeEach
    void attach() throws Exception {
        file = directory.resolve("below.raw");
        Files.write(file, random(9, Math.toIntExact(SIZE.bytes())).array());
        device = Path.of(say("losetup", "--find", "--show", file.toString()));
    }

    @AfterEach
    void detach() throws Exception {
        say("losetup", "--detach", device.toString());
    }

    private static String say(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.strip();
    }

    private GroupStore create(ByteCount size) throws IOException {
        Path home = Files.createDirectories(directory.resolve("store"));
        DiskSpec spec = new DiskSpec(DISK, size, device);
        return GroupStore.create(home, List.of(spec), Role.PRIMARY, Term.FIRST, Position.START, LIMITS);
    }

    @Test
    void theDeviceHoldsWhatTheLogSays() throws Exception {
        byte[] expected = Files.readAllBytes(file);
        assertThat(BaseImages.size(BaseLocation.parse(device.toString()))).isEqualTo(SIZE);
        try (GroupStore store = create(SIZE)) {
            Disk disk = store.disk(DISK);
            disk.write(5_000_001, random(2, 777));
            random(2, 777).get(expected, 5_000_001, 777);
            disk.zero((1 << 20) + 1, 300_000);
            Arrays.fill(expected, (1 << 20) + 1, (1 << 20) + 300_001, (byte) 0);
            disk.trim((2 << 20) + 511, 100_001);
            Arrays.fill(expected, (2 << 20) + 511, (2 << 20) + 100_512, (byte) 0);
            disk.trim((3 << 20) + 100, 200);
            Arrays.fill(expected, (3 << 20) + 100, (3 << 20) + 300, (byte) 0);
            store.awaitDurable(store.head());
            store.holdAt(store.head()).close();
            assertThat(read(disk, 0, expected.length)).isEqualTo(expected);
            assertThat(disk.extents(0, SIZE.bytes(), 10))
                    .containsExactly(new DiskExtent(0, SIZE.bytes(), Content.DATA));
        }
        assertThat(Files.readAllBytes(device)).isEqualTo(expected);
    }

    @Test
    void itIsNotSharedWithAnybody() throws Exception {
        try (GroupStore store = create(SIZE)) {
            assertThatThrownBy(() -> BaseImages.size(BaseLocation.parse(device.toString())))
                    .hasMessageContaining("busy");
            assertThat(store.disks()).hasSize(1);
        }
        BaseImages.size(BaseLocation.parse(device.toString()));
    }

    @Test
    void anotherSizeIsRefused() {
        assertThatThrownBy(() -> create(ByteCount.ofMiB(8))).isInstanceOf(GodwitException.class);
    }
}
