package io.godwit.lab;

import io.godwit.core.DurableFile;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.OwnSession;
import io.godwit.core.json.Json;
import io.godwit.lab.keeper.ControlAnswer;
import io.godwit.lab.keeper.ControlClient;
import io.godwit.lab.keeper.ControlRequest;
import io.godwit.lab.keeper.LabKeeper;
import io.godwit.lab.net.LabRemoval;
import io.godwit.lab.net.Prerequisites;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Brings one lab up: claims its name, starts its keeper as a process of its own session, waits until that is ready. */
final class LabStart {
    /** The keeper is the wires, which stand for something outside of this machine. */
    private static final int WIRES_FIRST = -15;

    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAKE_ATTEMPTS = 5;
    private static final Duration POLL = Duration.ofMillis(20);
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final LabSpec spec;
    private final LabPaths paths;
    private @Nullable Process keeper;
    private boolean abandoned;

    LabStart(LabSpec spec) {
        this.spec = spec;
        this.paths = LabPaths.of(spec.name());
    }

    /** On failure, also by Ctrl-C, nothing is left of the lab. */
    void run() {
        Prerequisites.require();
        claimName();
        Thread cleaner = new Thread(this::abandon, "remove-unfinished-lab");
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            start();
        } catch (IOException failed) {
            throw cleaned(new GodwitException(
                    ErrorCode.FAILED, "cannot bring the lab '%s' up".formatted(spec.name()), failed));
        } catch (GodwitException failed) {
            throw cleaned(failed);
        } catch (InterruptedException stopped) {
            GodwitException failed =
                    cleaned(new GodwitException(ErrorCode.FAILED, "interrupted while the lab came up", stopped));
            Thread.currentThread().interrupt();
            throw failed;
        } finally {
            forget(cleaner);
        }
    }

    private static void forget(Thread cleaner) {
        try {
            Runtime.getRuntime().removeShutdownHook(cleaner);
        } catch (IllegalStateException endingAnyway) {
            // The program was interrupted, and the cleaner is at work.
        }
    }

    /** Ends the keeper, also one that has not put itself on record yet, and removes what there is. */
    private void abandon() {
        Process started;
        synchronized (this) {
            abandoned = true;
            started = keeper;
        }
        if (started != null) {
            end(started);
        }
        LabRemoval.of(spec.name()).run();
    }

    private static void end(Process started) {
        started.destroy();
        try {
            if (!started.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                started.destroyForcibly().waitFor();
            }
        } catch (InterruptedException stopped) {
            started.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** The failure, after what was made of the lab is removed again. */
    private GodwitException cleaned(GodwitException failure) {
        try {
            abandon();
        } catch (GodwitException left) {
            failure.addSuppressed(left);
        }
        return failure;
    }

    private void claimName() {
        try {
            if (LabRemoval.isAnythingLeftOf(spec.name())) {
                throw new FileAlreadyExistsException(paths.state().toString());
            }
            make(paths.state());
        } catch (FileAlreadyExistsException taken) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "there is a lab '%s' already; choose another name, or end it with `godwit lab down --name %s`"
                            .formatted(spec.name(), spec.name()),
                    taken);
        } catch (IOException refused) {
            throw new GodwitException(
                    ErrorCode.UNSUPPORTED, "cannot make the lab's directory " + paths.state(), refused);
        }
    }

    /** Makes a directory that must not exist; the one above it may vanish just now, with another lab. */
    private static void make(Path directory) throws IOException {
        for (int attempt = 1; ; attempt++) {
            Files.createDirectories(Objects.requireNonNull(directory.getParent()));
            try {
                Files.createDirectory(directory, OWNER_ONLY);
                return;
            } catch (NoSuchFileException parentGone) {
                if (attempt == MAKE_ATTEMPTS) {
                    throw parentGone;
                }
            }
        }
    }

    private void start() throws IOException, InterruptedException {
        Files.createDirectories(paths.logs());
        Files.createDirectories(paths.config());
        Files.createDirectories(paths.run().getParent());
        Files.createDirectories(paths.run(), OWNER_ONLY);
        new DurableFile(paths.spec()).write(Json.bytes(spec));
        Process started = startKeeper();
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (!isReady()) {
            requireStarting(started, deadline);
            Thread.sleep(POLL);
        }
    }

    private synchronized Process startKeeper() throws IOException {
        if (abandoned) {
            throw new IOException("the program is ending");
        }
        ProcessBuilder builder = new ProcessBuilder(OwnSession.of(
                WIRES_FIRST,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-Xmx64m",
                        "-cp",
                        classPath(),
                        LabKeeper.class.getName(),
                        paths.state().toString(),
                        paths.run().toString())));
        File log = paths.logs().resolve("keeper.log").toFile();
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.directory(new File("/"));
        Process started = builder.start();
        keeper = started;
        return started;
    }

    /** The keeper runs in another directory than this program. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private boolean isReady() {
        if (!Files.exists(paths.controlSocket())) {
            return false;
        }
        new ControlClient(paths.controlSocket()).ask(new ControlRequest.Status());
        return true;
    }

    private void requireStarting(Process started, long deadline) throws IOException {
        if (!started.isAlive()) {
            byte[] why = new DurableFile(paths.failure())
                    .read()
                    .orElseThrow(() -> new GodwitException(
                            ErrorCode.FAILED,
                            "the lab's keeper died with exit code %d: %s".formatted(started.exitValue(), lastWords())));
            Json.read(why, ControlAnswer.class, "the keeper's reason").orThrow();
        }
        if (System.nanoTime() - deadline >= 0) {
            throw new GodwitException(
                    ErrorCode.FAILED, "the lab was not ready within %d s".formatted(READY_WITHIN.toSeconds()));
        }
    }

    private String lastWords() {
        try {
            List<String> lines = Files.readAllLines(paths.logs().resolve("keeper.log"));
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
        } catch (IOException unreadable) {
            return "(no log)";
        }
    }
}
