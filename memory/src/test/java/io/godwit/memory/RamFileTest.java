package io.godwit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RamFileTest {
    @TempDir
    Path directory = Path.of("");

    @Test
    void isTheFile() throws IOException {
        Path file = directory.resolve("ram");
        try (RamFile ram = Ram.create(file, 8192)) {
            ram.memory().asByteBuffer().put(4096, (byte) 7);
            assertThat(Files.readAllBytes(file)[4096]).isEqualTo((byte) 7);
            assertThat(ram.pages()).isEqualTo(2);
        }
    }

    @Test
    void aFileOfAnotherSizeIsNotTheRam() throws IOException {
        Path file = directory.resolve("ram");
        Files.write(file, new byte[4096]);
        assertThatThrownBy(() -> RamFile.map(file, new ByteCount(8192)))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("is 4.00 KiB, but the machine's RAM is 8.00 KiB");
        assertThatThrownBy(() -> RamFile.map(file, new ByteCount(4095))).isInstanceOf(GodwitException.class);
    }

    @Test
    void readingAfterClosingIsRefusedRatherThanACrash() throws IOException {
        RamFile ram = Ram.create(directory.resolve("ram"), 4096);
        ram.close();
        ram.close();
        assertThatThrownBy(() -> ram.memory().fill((byte) 1)).isInstanceOf(IllegalStateException.class);
    }
}
