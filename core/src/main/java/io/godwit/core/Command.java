package io.godwit.core;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One run of an external program to its end, with bounded time and output. The program inherits the network namespace
 * of the calling thread; its standard input is empty, its standard error is read together with its standard output.
 */
public record Command(List<String> argv, Duration atMost) {
    /** More output than this is read and thrown away. */
    private static final int MAX_OUTPUT_BYTES = 4 << 20;

    private static final Duration USUAL_TIME = Duration.ofSeconds(10);

    /** So long the pipe may stay open after the program's end. */
    private static final Duration PIPE_TIME = Duration.ofSeconds(1);

    private static final int MAX_LAST_WORDS_CHARS = 500;

    /** How a run ended; {@code output} is what it wrote to standard output and standard error. */
    public record Outcome(int exitCode, String output) {
        public boolean succeeded() {
            return exitCode == 0;
        }
    }

    public Command {
        argv = List.copyOf(argv);
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("a command needs a program");
        }
    }

    public static Command of(String... argv) {
        return new Command(List.of(argv), USUAL_TIME);
    }

    public static Command of(List<String> argv) {
        return new Command(argv, USUAL_TIME);
    }

    public Command within(Duration time) {
        return new Command(argv, time);
    }

    /** Runs it and returns its output; a failure becomes {@link ErrorCode#FAILED} with the program's own words. */
    public String run() {
        Outcome outcome = attempt();
        if (!outcome.succeeded()) {
            throw new GodwitException(
                    ErrorCode.FAILED,
                    "`%s` failed with exit code %d: %s"
                            .formatted(
                                    this, outcome.exitCode(), outcome.output().strip()));
        }
        return outcome.output();
    }

    /**
     * Runs it and returns how it ended; throws only if it could not be started or took too long, or the calling thread is interrupted. Then
     * it is killed, with every process below it.
     */
    public Outcome attempt() {
        Process process = start();
        try (InputStream output = process.getInputStream()) {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            Thread reader = Thread.ofVirtual().start(() -> collect(output, text));
            if (!process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                end(process);
                reader.join(PIPE_TIME);
                throw new GodwitException(
                        ErrorCode.FAILED,
                        "`%s` did not end within %d ms%s".formatted(this, atMost.toMillis(), lastWords(text)));
            }
            // A grandchild may hold the pipe open; the program itself has ended, so don't wait for ever.
            reader.join(PIPE_TIME);
            return new Outcome(process.exitValue(), text.toString(StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new GodwitException(ErrorCode.FAILED, "cannot read what `%s` says".formatted(this), broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new GodwitException(ErrorCode.FAILED, "interrupted while `%s` ran".formatted(this), stopped);
        } finally {
            end(process);
        }
    }

    /** The program first, so that it starts nothing more, then what it had started and what that had. */
    private static void end(Process process) {
        List<ProcessHandle> below = process.descendants().toList();
        process.destroyForcibly();
        for (ProcessHandle known : below) {
            List<ProcessHandle> since = known.descendants().toList();
            known.destroyForcibly();
            since.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static String lastWords(ByteArrayOutputStream text) {
        String said = text.toString(StandardCharsets.UTF_8).strip();
        return said.isEmpty()
                ? ""
                : ", and had said: " + said.substring(Math.max(0, said.length() - MAX_LAST_WORDS_CHARS));
    }

    private Process start() {
        try {
            Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
            process.getOutputStream().close();
            return process;
        } catch (IOException absent) {
            throw new GodwitException(
                    ErrorCode.UNSUPPORTED,
                    "cannot start '%s': is it installed and on the PATH?".formatted(argv.getFirst()),
                    absent);
        }
    }

    private static void collect(InputStream output, ByteArrayOutputStream text) {
        byte[] buffer = new byte[8192];
        try {
            for (int count = output.read(buffer); count >= 0; count = output.read(buffer)) {
                if (text.size() + count <= MAX_OUTPUT_BYTES) {
                    text.write(buffer, 0, count);
                }
            }
        } catch (IOException closed) {
            // The program was killed because its time was up; what it said so far is all there is.
        }
    }

    @Override
    public String toString() {
        return String.join(" ", argv);
    }
}
