package io.godwit.volume.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Other people's programs, run to their end. */
final class Program {
    /** What a program said and how it ended. */
    record Outcome(int exit, String output) {}

    private static final int PATIENCE_SECONDS = 120;

    private Program() {}

    static Outcome run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("output", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            return new Outcome(process.exitValue(), Files.readString(output, UTF_8));
        } finally {
            Files.delete(output);
        }
    }

    /** Runs a program that must succeed; returns what it said. */
    static String succeed(String... command) throws IOException, InterruptedException {
        Outcome outcome = run(command);
        assertThat(outcome.exit()).as(outcome.output()).isZero();
        return outcome.output();
    }
}
