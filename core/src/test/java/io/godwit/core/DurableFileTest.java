package io.godwit.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {
    @TempDir
    Path directory = Path.of("");

    @Test
    void holdsWhatWasWrittenLast() throws IOException {
        DurableFile file = new DurableFile(directory.resolve("state"));
        assertThat(file.read()).isEmpty();
        file.write(new byte[] {1});
        file.write(new byte[] {2, 3});
        assertThat(file.read()).hasValueSatisfying(bytes -> assertThat(bytes).containsExactly(2, 3));
        assertThat(directory.toFile().list()).containsExactly("state");
    }

    @Test
    void isForItsOwnerAlone() throws IOException {
        DurableFile file = new DurableFile(directory.resolve("state"));
        file.write(new byte[] {1});
        assertThat(Files.getPosixFilePermissions(file.path())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
}
