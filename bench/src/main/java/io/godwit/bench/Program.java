package io.godwit.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Somebody else's program, running; what it says goes to a file. Closing it kills it. */
public final class Program implements AutoCloseable {
    private static final int LAST_CHARS = 500;

    private final String name;
    private final Path output;
    private final Process process;

    private Program(String name, Path output, Process process) {
        this.name = name;
        this.output = output;
        this.process = process;
    }

    /** Starts a program whose standard output and standard error go to {@code output}. */
    public static Program start(Path output, List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            return new Program(command.getFirst(), output, process);
        } catch (IOException absent) {
            throw new GodwitException(
                    ErrorCode.UNSUPPORTED,
                    "cannot start '%s': is it installed and on the PATH?".formatted(command.getFirst()),
                    absent);
        }
    }

    /** Waits for its end and returns what it said; FAILED if it doesn't end well and in time. */
    public String finish(Duration atMost) throws InterruptedException {
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new GodwitException(
                    ErrorCode.FAILED, "%s did not end within %s s".formatted(name, atMost.toSeconds()));
        }
        if (process.exitValue() != 0) {
            throw new GodwitException(
                    ErrorCode.FAILED, "%s ended with %d: %s".formatted(name, process.exitValue(), lastWords()));
        }
        return said();
    }

    /** FAILED, with its last words, if it has ended. */
    public void requireRunning() {
        if (!process.isAlive()) {
            throw new GodwitException(ErrorCode.FAILED, "%s has ended: %s".formatted(name, lastWords()));
        }
    }

    private String lastWords() {
        String said = said().strip();
        return said.substring(Math.max(0, said.length() - LAST_CHARS));
    }

    private String said() {
        try {
            return Files.readString(output, UTF_8);
        } catch (IOException broken) {
            throw new GodwitException(ErrorCode.FAILED, "cannot read what %s said".formatted(name), broken);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
