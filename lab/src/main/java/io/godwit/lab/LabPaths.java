package io.godwit.lab;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a lab keeps its files: what may be large under the lab directory ({@code GODWIT_LAB_DIR}, or
 * /var/lib/godwit/labs), sockets under /run/godwit, whose paths are short enough for them.
 */
public record LabPaths(Path state, Path run) {
    private static final Path GODWIT_ROOT = Path.of("/var/lib/godwit");
    private static final Path USUAL_ROOT = GODWIT_ROOT.resolve("labs");
    private static final Path RAM_ROOT = Path.of("/dev/shm");
    private static final Path RUN_ROOT = Path.of("/run/godwit");

    public static LabPaths of(LabName name) {
        return new LabPaths(root().resolve(name.value()), RUN_ROOT.resolve(name.value()));
    }

    /** The directory that holds every lab of this machine. */
    public static Path root() {
        return Optional.ofNullable(System.getenv("GODWIT_LAB_DIR"))
                .filter(text -> !text.isBlank())
                .map(text -> Path.of(text).toAbsolutePath().normalize())
                .orElse(USUAL_ROOT);
    }

    /** The directories above the labs' own that nobody but the lab made, innermost first. */
    public static List<Path> ownRoots() {
        return List.of(RUN_ROOT, USUAL_ROOT, GODWIT_ROOT);
    }

    /** How much memory all machines of all labs can still be given. */
    public static ByteCount roomForMemory() {
        try {
            return new ByteCount(Files.getFileStore(RAM_ROOT).getUsableSpace());
        } catch (IOException absent) {
            throw new GodwitException(
                    ErrorCode.UNSUPPORTED,
                    "this machine has no %s for the memory of machines".formatted(RAM_ROOT),
                    absent);
        }
    }

    public Path spec() {
        return state.resolve("lab.json");
    }

    /** Who the keeper is: its process id and when it started. */
    public Path keeper() {
        return state.resolve("keeper.json");
    }

    /** Which processes the keeper started. */
    public Path processes() {
        return state.resolve("processes.json");
    }

    /** Why the keeper gave up, one sentence; there only after it did. */
    public Path failure() {
        return state.resolve("failure.json");
    }

    public Path logs() {
        return state.resolve("logs");
    }

    public Path config() {
        return state.resolve("config");
    }

    /** The file that holds a site's disk. */
    public Path diskImage(Place site) {
        return state.resolve(site + ".img");
    }

    /** Where a site's own disk is mounted. */
    public Path siteState(Place site) {
        return state.resolve(site.toString());
    }

    /** Where the memory of a site's machines is, on a tmpfs. */
    public Path siteRam(Place site) {
        return RAM_ROOT.resolve("godwit-%s-%s".formatted(state.getFileName(), site));
    }

    public Path siteRun(Place site) {
        return run.resolve(site.toString());
    }

    public Path controlSocket() {
        return run.resolve("keeper.sock");
    }

    public Path birdSocket() {
        return run.resolve("bird.sock");
    }
}
