package io.godwit.site.checkpoint;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import io.godwit.memory.CheckpointId;
import io.godwit.memory.MachineRam;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFilesTest {
    private static final VmName DB = new VmName("db");
    private static final VmName WEB = new VmName("web");
    private static final CheckpointId ID = new CheckpointId(7, new Term(2), new Position(4_096), 1_700_000_000_000L);

    @TempDir
    Path directory = Path.of("");

    private CheckpointFiles files = new CheckpointFiles(directory);

    @BeforeEach
    void begin() {
        files = new CheckpointFiles(directory);
    }

    private KeptCheckpoint keep() throws IOException {
        files.keep(
                ID,
                List.of(new MachineRam(DB, ByteCount.ofMiB(64)), new MachineRam(WEB, ByteCount.ofMiB(128))),
                List.of(new byte[] {1, 2, 3}, new byte[] {4}));
        return files.kept().orElseThrow();
    }

    @Test
    void whatIsKeptIsFoundAgainWithTheMachinesDeviceStates() throws IOException {
        KeptCheckpoint kept = keep();
        assertThat(kept.position()).isEqualTo(ID.position());
        assertThat(kept.term()).isEqualTo(ID.term());
        assertThat(kept.machines()).extracting(KeptCheckpoint.Machine::name).containsExactly(DB, WEB);
        assertThat(files.deviceStates(kept))
                .isEqualTo(Map.of(DB, ByteBuffer.wrap(new byte[] {1, 2, 3}), WEB, ByteBuffer.wrap(new byte[] {4})));
    }

    @Test
    void nothingIsKeptBeforeTheFirstAndAfterForgetting() throws IOException {
        assertThat(files.kept()).isEmpty();
        keep();
        files.forget();
        assertThat(files.kept()).isEmpty();
    }

    @Test
    void aCheckpointOfAnEarlierLifeOfTheHostIsNone() throws IOException {
        keep();
        Path said = directory.resolve("checkpoint.json");
        Files.writeString(
                said, Files.readString(said).replaceFirst("\"boot\" *: *\"[^\"]*\"", "\"boot\": \"another\""));
        assertThat(files.kept()).isEmpty();
    }

    @Test
    void damagedFilesAreNoCheckpoint() throws IOException {
        KeptCheckpoint kept = keep();
        Files.write(directory.resolve("checkpoint.devices"), new byte[] {1});
        assertThatThrownBy(() -> files.deviceStates(kept)).hasMessageContaining("is shorter than");
        Files.writeString(directory.resolve("checkpoint.json"), "{");
        assertThat(files.kept()).isEmpty();
    }

    @Test
    void whatIsReservedIsTakenFromTheDisk() throws IOException, InterruptedException {
        ByteCount size = ByteCount.ofMiB(8);
        assertThat(files.unreserved(DB, size)).isEqualTo(size.bytes());
        files.reserve(DB, size);
        assertThat(files.unreserved(DB, size)).isZero();
        assertThat(Files.size(files.image(DB))).isEqualTo(size.bytes());
        Process stat = new ProcessBuilder("stat", "-c", "%b", files.image(DB).toString()).start();
        long blocks = Long.parseLong(new String(stat.getInputStream().readAllBytes(), US_ASCII).strip());
        assertThat(stat.waitFor()).isZero();
        assertThat(blocks * 512).isGreaterThanOrEqualTo(size.bytes());
    }

    @Test
    void clearingLeavesNoFile() throws IOException {
        keep();
        Files.write(files.image(DB), new byte[10]);
        Files.write(files.spool(), new byte[10]);
        files.clear(List.of(DB, WEB));
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }
}
