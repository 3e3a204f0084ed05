package io.godwit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
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

    @Test
    void saysThatItCannotBeHeldWhereThereIsNoPlace() {
        assertThatThrownBy(() -> Rehearsal.run(directory.resolve("absent"))).isInstanceOf(IOException.class);
    }
}
