package io.godwit.bench;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import io.godwit.core.json.ReportFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every benchmark: where it works, and what becomes of what it finds. */
public final class Output {
    @Option(names = "--report", paramLabel = "FILE", description = "write the report as JSON")
    private @Nullable Path report;

    @Option(
            names = "--dir",
            paramLabel = "DIRECTORY",
            description = "on the file system to measure (default: Godwit's own)")
    private @Nullable Path directory;

    @Option(names = "--json", description = "print the report as JSON instead of a table")
    private boolean json;

    /** The launcher has acted on it before this program began. */
    @Option(names = "--yes", description = "install missing packages without asking")
    @SuppressWarnings("UnusedVariable")
    private boolean yes;

    /** Refuses what could not be written when all is measured. */
    public void check() {
        file();
    }

    private Optional<ReportFile> file() {
        return Optional.ofNullable(report).map(ReportFile::writable);
    }

    /** Where benchmarks make their folders. */
    public Path parent() {
        if (directory != null) {
            if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
                throw new GodwitException(
                        ErrorCode.BAD_INPUT, "--dir %s is not a directory that can be written to".formatted(directory));
            }
            return directory;
        }
        String home = System.getenv("GODWIT_HOME");
        return Path.of(Objects.requireNonNullElse(home, ".godwit"), "bench");
    }

    public void conclude(BenchReport found) {
        System.out.println(json ? Json.pretty(found) : new ReportTable(found));
        file().ifPresent(wanted -> wanted.write(found));
    }
}
