package io.godwit.network;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The processes that are in a network namespace, which is neither this program's nor the host's. A process can leave its parent and its
 * session, but it takes more than that to leave its namespace.
 *
 * @param namespace as /proc/PID/ns/net names it, such as {@code net:[4026532289]}. The kernel gives a number again when nobody is left in
 *     the namespace
 */
public record Occupants(String namespace) {
    private static final Path PROC = Path.of("/proc");
    private static final Duration END_TIME = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(10);

    public Occupants {
        if (namespaceOf(PROC.resolve("self")).filter(namespace::equals).isPresent()
                || namespaceOf(PROC.resolve("1")).filter(namespace::equals).isPresent()) {
            throw new IllegalArgumentException(namespace + " is not a namespace apart");
        }
    }

    /** Who is in it now. */
    public List<ProcessHandle> list() {
        return ProcessHandle.allProcesses().filter(this::isInside).toList();
    }

    private boolean isInside(ProcessHandle process) {
        return namespaceOf(PROC.resolve(Long.toString(process.pid())))
                .filter(namespace::equals)
                .isPresent();
    }

    /** A process that has ended, or isn't ours to look at, is in none. */
    private static Optional<String> namespaceOf(Path process) {
        try {
            return Optional.of(Files.readSymbolicLink(process.resolve("ns/net")).toString());
        } catch (IOException ended) {
            return Optional.empty();
        }
    }

    /**
     * Ends all but some of them at once, and those that they start meanwhile.
     *
     * @throws GodwitException FAILED if one can't be ended
     */
    public void end(Predicate<ProcessHandle> spared) {
        long deadline = System.nanoTime() + END_TIME.toNanos();
        boolean interrupted = false;
        List<ProcessHandle> left = others(spared);
        while (!left.isEmpty() && System.nanoTime() - deadline < 0) {
            left.forEach(ProcessHandle::destroyForcibly);
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException later) {
                interrupted = true;
            }
            left = others(spared);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!left.isEmpty()) {
            throw new GodwitException(
                    ErrorCode.FAILED,
                    "these processes can't be ended: %s"
                            .formatted(left.stream().map(ProcessHandle::pid).toList()));
        }
    }

    private List<ProcessHandle> others(Predicate<ProcessHandle> spared) {
        return list().stream().filter(spared.negate()).toList();
    }
}
