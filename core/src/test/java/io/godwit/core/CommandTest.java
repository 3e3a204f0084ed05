package io.godwit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CommandTest {
    @TempDir
    Path directory = Path.of("");

    @Test
    void itReturnsWhatTheProgramSaidAndHowItEnded() {
        Command.Outcome outcome =
                Command.of("sh", "-c", "echo out; echo err >&2; exit 3").attempt();
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.output()).contains("out", "err");
        assertThatThrownBy(() -> Command.of("sh", "-c", "echo why; exit 3").run())
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("exit code 3: why");
    }

    @Test
    void aProgramThatTakesTooLongIsEndedWithAllThatItStartedAndItsWordsAreKept() throws Exception {
        Path started = directory.resolve("started");
        String script = "echo begun; sh -c 'sleep 600 & echo $! >%1$s; wait' & sleep 600".formatted(started);
        assertThatThrownBy(() -> Command.of("sh", "-c", script)
                        .within(Duration.ofSeconds(2))
                        .attempt())
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("did not end within 2000 ms, and had said: begun");
        Path grandchild = Path.of("/proc", Files.readString(started).strip(), "cmdline");
        while (runs(grandchild)) {
            Thread.sleep(10);
        }
    }

    /** A process that has ended, and whose end nobody has heard of yet, has no words any more. */
    private static boolean runs(Path commandLine) {
        try {
            return Files.readAllBytes(commandLine).length > 0;
        } catch (IOException gone) {
            return false;
        }
    }

    @Test
    void whatAProgramLeavesRunningWhenItEndsByItselfIsLeftAlone() {
        Command.Outcome outcome =
                Command.of("sh", "-c", "sleep 600 >/dev/null 2>&1 & echo $!").attempt();
        ProcessHandle left =
                ProcessHandle.of(Long.parseLong(outcome.output().strip())).orElseThrow();
        assertThat(left.isAlive()).isTrue();
        left.destroyForcibly();
    }
}
