package io.godwit.lab.keeper;

import io.godwit.core.Command;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.OwnSession;
import io.godwit.core.posix.KeptSocket;
import io.godwit.lab.DaemonSpec;
import io.godwit.lab.LabEvent;
import io.godwit.lab.LabName;
import io.godwit.lab.ProcessStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One daemon that is started again whenever it ends, after a pause that grows while it keeps ending soon. A thread of
 * its own runs it; others say what they want of it.
 */
final class SupervisedProcess {
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    /** Who lived so long has not ended because it was started. */
    private static final Duration SOUND_LIFE = Duration.ofSeconds(5);

    /** A daemon has no part in the preference that the keeper's own session, the wires, is given. */
    private static final int AS_USUAL = 0;

    private static final ProcessBuilder.Redirect NOTHING =
            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile());

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final DaemonSpec daemon;
    private final LabName lab;
    private final Path log;
    private final EventLog events;
    private final Runnable onChange;
    private final Thread thread;

    private @Nullable KeptSocket socket;
    private @Nullable Process process;
    private int starts;
    private boolean wanted = true;
    private boolean closed;

    /** Starts it at once; {@code onChange} is called after every start and end. */
    SupervisedProcess(DaemonSpec daemon, LabName lab, Path log, EventLog events, Runnable onChange) {
        this.daemon = daemon;
        this.lab = lab;
        this.log = log;
        this.events = events;
        this.onChange = onChange;
        this.thread = Thread.ofVirtual().name("supervise-" + daemon.name()).start(this::supervise);
    }

    synchronized ProcessStatus status() {
        Process running = process;
        long pid = running == null || !running.isAlive() ? 0 : running.pid();
        return new ProcessStatus(daemon.name(), daemon.place(), pid, starts, wanted, daemon.argv());
    }

    synchronized void kill() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    /** Sends its present run a signal that doesn't end it. */
    void signal(String name) {
        long pid = status().pid();
        if (pid == 0) {
            throw new GodwitException(ErrorCode.CONFLICT, "%s does not run now".formatted(daemon.name()));
        }
        Command.of("kill", "-" + name, Long.toString(pid)).run();
    }

    synchronized void restart() {
        wanted = true;
        notifyAll();
        if (process != null) {
            process.destroy();
        }
    }

    synchronized void start() {
        wanted = true;
        notifyAll();
    }

    /** Kills it, and leaves it so; returns when it has ended. */
    void cutOff() {
        Process running;
        synchronized (this) {
            wanted = false;
            running = process;
        }
        if (running != null) {
            running.destroyForcibly().onExit().join();
        }
    }

    /** Returns when it has ended. */
    void stop() {
        Process running;
        synchronized (this) {
            wanted = false;
            running = process;
        }
        if (running != null) {
            end(running);
        }
    }

    /** Asks it to end, for good; {@link #close} waits for that. */
    synchronized void beginClosing() {
        closed = true;
        wanted = false;
        if (process != null) {
            process.destroy();
        }
    }

    void close() {
        beginClosing();
        stop();
        thread.interrupt();
        stopListening();
    }

    private synchronized void stopListening() {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException left) {
                events.add(LabEvent.Kind.PROCESS_ENDED, daemon.name(), "leaves its socket: " + left.getMessage());
            }
        }
    }

    private void supervise() {
        Duration pause = SHORTEST_PAUSE;
        try {
            while (awaitWanted()) {
                long began = System.nanoTime();
                runOnce();
                boolean sound = System.nanoTime() - began >= SOUND_LIFE.toNanos();
                pause = sound ? SHORTEST_PAUSE : pause;
                Thread.sleep(pause);
                pause = sound ? pause : shorter(pause.multipliedBy(2), LONGEST_PAUSE);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean awaitWanted() throws InterruptedException {
        while (!wanted && !closed) {
            wait();
        }
        return !closed;
    }

    private void runOnce() throws InterruptedException {
        try {
            Process started = launch();
            if (started == null) {
                return;
            }
            onChange.run();
            events.add(LabEvent.Kind.PROCESS_STARTED, daemon.name(), "pid " + started.pid());
            int exitCode = started.waitFor();
            synchronized (this) {
                process = null;
            }
            onChange.run();
            events.add(LabEvent.Kind.PROCESS_ENDED, daemon.name(), "exit code " + exitCode);
        } catch (IOException absent) {
            events.add(LabEvent.Kind.PROCESS_ENDED, daemon.name(), "cannot be started: " + absent.getMessage());
        }
    }

    private synchronized @Nullable Process launch() throws IOException {
        if (!wanted || closed) {
            return null;
        }
        ProcessBuilder builder = new ProcessBuilder(
                OwnSession.of(AS_USUAL, daemon.place().namespace(lab).command(daemon.argv())));
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        process = daemon.socket().isPresent()
                ? socket(daemon.socket().get()).start(builder)
                : builder.redirectInput(NOTHING).start();
        starts++;
        return process;
    }

    private KeptSocket socket(Path path) throws IOException {
        if (socket == null) {
            Files.createDirectories(
                    path.toAbsolutePath().getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            socket = KeptSocket.at(path);
        }
        return socket;
    }

    private static void end(Process running) {
        running.destroy();
        try {
            if (!running.waitFor(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                running.destroyForcibly().waitFor();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new GodwitException(ErrorCode.FAILED, "interrupted while a process was being stopped", stopped);
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
