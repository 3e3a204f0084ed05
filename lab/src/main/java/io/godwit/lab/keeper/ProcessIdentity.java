package io.godwit.lab.keeper;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Which process is meant, also after it has ended and its number was given to another: its number and the moment it
 * started, in the kernel's clock ticks since boot (proc_pid_stat(5), field 22).
 */
public record ProcessIdentity(long pid, long startTicks) {
    private static final int FIELD_AFTER_NAME = 3;
    private static final int FIELD_STATE = 3;
    private static final int FIELD_START = 22;
    private static final Duration POLL = Duration.ofMillis(10);

    /** The process that has this number now. */
    public static Optional<ProcessIdentity> of(long pid) {
        return field(pid, FIELD_START).map(ticks -> new ProcessIdentity(pid, Long.parseLong(ticks)));
    }

    public static ProcessIdentity ofThisProcess() {
        long pid = ProcessHandle.current().pid();
        return of(pid).orElseThrow(() -> new GodwitException(ErrorCode.FAILED, "there is no /proc/" + pid));
    }

    /** Whether it still runs; a zombie doesn't. */
    public boolean stillRuns() {
        return of(pid).filter(this::equals).isPresent()
                && field(pid, FIELD_STATE).filter(state -> !state.equals("Z")).isPresent();
    }

    /** Asks it to end (SIGTERM), then kills it (SIGKILL) if it does not within {@code patience}. */
    public void end(Duration patience) throws InterruptedException {
        signal(false);
        if (!awaitEnd(patience)) {
            signal(true);
            awaitEnd(patience);
        }
    }

    private void signal(boolean kill) {
        if (stillRuns()) {
            ProcessHandle.of(pid).ifPresent(process -> {
                if (kill) {
                    process.destroyForcibly();
                } else {
                    process.destroy();
                }
            });
        }
    }

    private boolean awaitEnd(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (stillRuns()) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            Thread.sleep(POLL);
        }
        return true;
    }

    /** A field of /proc/PID/stat, counted from 1 as in its manual; the second one, the name, may hold blanks and brackets. */
    private static Optional<String> field(long pid, int number) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return Optional.of(fields[number - FIELD_AFTER_NAME]);
        } catch (IOException ended) {
            return Optional.empty();
        }
    }
}
