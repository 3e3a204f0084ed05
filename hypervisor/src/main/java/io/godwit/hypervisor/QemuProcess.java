package io.godwit.hypervisor;

import io.godwit.core.OwnSession;
import io.godwit.core.VmName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * QEMU as a process of the host. It has a session of its own and its streams are files, so that it outlives the daemon
 * that started it, whether that is killed, restarted or interrupted at a terminal.
 */
final class QemuProcess {
    /** A guest gets the processors before what a site does in the background. */
    private static final int GUESTS_FIRST = -5;

    private final VmName vm;
    private final RunDirectory run;
    private final ProcessHandle handle;
    private final Optional<Process> child;
    private final long logStart;

    private QemuProcess(VmName vm, RunDirectory run, ProcessHandle handle, Optional<Process> child, long logStart) {
        this.vm = vm;
        this.run = run;
        this.handle = handle;
        this.child = child;
        this.logStart = logStart;
    }

    /** Starts QEMU with these arguments in a new session. */
    static QemuProcess spawn(VmSpec spec, List<String> arguments) throws IOException {
        RunDirectory run = new RunDirectory(spec.runDir());
        List<String> command = new ArrayList<>(List.of(QemuProgram.locate().toString()));
        command.addAll(arguments);
        long logStart = run.logBytes();
        Process process = new ProcessBuilder(OwnSession.of(GUESTS_FIRST, command))
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(run.log().toFile()))
                .start();
        return new QemuProcess(spec.name(), run, process.toHandle(), Optional.of(process), logStart);
    }

    /** The QEMU that the run directory's pid file names, if it is alive and really the one for this directory. */
    static Optional<QemuProcess> find(VmSpec spec) throws IOException {
        RunDirectory run = new RunDirectory(spec.runDir());
        Optional<ProcessHandle> handle = pid(run.pidFile()).flatMap(ProcessHandle::of);
        if (handle.isEmpty() || !isOurs(handle.get(), run)) {
            return Optional.empty();
        }
        return Optional.of(new QemuProcess(spec.name(), run, handle.get(), Optional.empty(), 0));
    }

    private static Optional<Long> pid(Path file) throws IOException {
        try {
            return Optional.of(Long.parseLong(Files.readString(file).strip()));
        } catch (NoSuchFileException | NumberFormatException absent) {
            return Optional.empty();
        }
    }

    /** A pid may be given to another program after a restart of the host: the command line tells. */
    private static boolean isOurs(ProcessHandle handle, RunDirectory run) throws IOException {
        try {
            byte[] commandLine = Files.readAllBytes(Path.of("/proc", Long.toString(handle.pid()), "cmdline"));
            String[] words = new String(commandLine, StandardCharsets.UTF_8).split("\0", -1);
            return List.of(words).contains(run.pidFile().toString());
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    long pid() {
        return handle.pid();
    }

    boolean isAlive() {
        return handle.isAlive();
    }

    /** The end of what it wrote since it was started. */
    String lastWords() {
        return run.lastWords(logStart);
    }

    void kill() {
        handle.destroyForcibly();
    }

    /** Waits until it has ended; false when it hasn't in this time. */
    boolean awaitExit(Duration atMost) throws InterruptedException {
        try {
            handle.onExit().get(atMost.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Tells the listener once, when the process has ended, from a thread of its own. */
    void onExit(Consumer<QemuExit> listener) {
        Thread.ofVirtual().name("qemu-exit-" + vm).start(() -> {
            handle.onExit().join();
            listener.accept(new QemuExit(vm, pid(), exitCode(), lastWords()));
        });
    }

    private OptionalInt exitCode() {
        return child.map(process -> OptionalInt.of(process.exitValue())).orElse(OptionalInt.empty());
    }
}
