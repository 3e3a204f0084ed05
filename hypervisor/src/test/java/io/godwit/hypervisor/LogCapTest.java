package io.godwit.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogCapTest {
    @Test
    void aLargeLogIsPutAsideAndItsWriterGoesOn(@TempDir Path directory) throws Exception {
        Path log = directory.resolve("console.log");
        try (var writer = Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            writer.write(new byte[(int) LogCap.MAX_BYTES]);
            LogCap.cap(log);
            assertThat(Files.size(log)).isEqualTo(LogCap.MAX_BYTES);

            writer.write('x');
            LogCap.cap(log);
            writer.write('y');
        }
        assertThat(Files.readString(log)).isEqualTo("y");
        assertThat(Files.size(directory.resolve("console.log.1"))).isEqualTo(LogCap.MAX_BYTES + 1);
    }

    @Test
    void aLogThatIsNotThereIsNoTrouble(@TempDir Path directory) throws Exception {
        LogCap.cap(directory.resolve("qemu.log"));
        assertThat(directory).isEmptyDirectory();
    }
}
