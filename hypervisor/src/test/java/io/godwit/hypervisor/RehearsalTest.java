package io.godwit.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RehearsalTest {
    @TempDir
    Path directory = Path.of("");

    @Test
    void endsByItselfAndLeavesNothing() throws Exception {
        Rehearsal.run(directory);
        assertThat(directory).isEmptyDirectory();
    }
}
