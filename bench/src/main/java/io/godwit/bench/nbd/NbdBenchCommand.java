package io.godwit.bench.nbd;

import io.godwit.bench.BenchReport;
import io.godwit.bench.Cleanup;
import io.godwit.bench.ReportTable;
import io.godwit.bench.Scratch;
import io.godwit.core.ByteCount;
import io.godwit.core.Command;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import io.godwit.core.json.ReportFile;
import io.godwit.volume.StoreLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code godwit bench nbd}. */
@picocli.CommandLine.Command(
        name = "nbd",
        mixinStandardHelpOptions = true,
        description = {
            "Measures our NBD server, every write in the group's log, next to qemu-nbd and nbdkit's file plugin.",
            "The three take turns on the same work, on the same file system."
        },
        footer = {"", "Exit codes: 0 measured, whoever is ahead; 1 a program failed; 2 refused."})
public final class NbdBenchCommand implements Callable<Integer> {
    private static final ByteCount LEAST_DISK = ByteCount.ofMiB(64);
    private static final int MAX_ROUNDS = 1000;
    /** Three images, and what is written to them anew. */
    private static final int DISKS_NEEDED = 4;

    @Option(names = "--report", paramLabel = "FILE", description = "write the report as JSON")
    private @Nullable Path report;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "how often each takes its turn (default ${DEFAULT-VALUE})")
    private int rounds = 5;

    @Option(names = "--runtime", paramLabel = "TIME", description = "of each run of fio (default ${DEFAULT-VALUE})")
    private String runtime = "3s";

    @Option(
            names = "--case",
            paramLabel = "NAME",
            split = ",",
            description = "only the cases whose names begin so, such as randread or write-1m")
    private List<String> cases = List.of();

    @Option(names = "--disk", paramLabel = "SIZE", description = "size of each one's disk (default ${DEFAULT-VALUE})")
    private String disk = "1GiB";

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

    @Override
    public Integer call() throws IOException, InterruptedException {
        NbdBench.Plan plan = new NbdBench.Plan(NbdCase.named(cases), rounds(), runtime(), disk());
        Optional<ReportFile> file = Optional.ofNullable(report).map(ReportFile::writable);
        requireNbdEngine();
        Path parent = parent();
        requireRoom(parent, plan.disk());
        try (Cleanup cleanup = Cleanup.untilExit()) {
            Scratch scratch = cleanup.add(Scratch.in(parent));
            conclude(new NbdBench(plan, scratch.directory(), cleanup, System.err).run(), file);
        }
        return 0;
    }

    private void conclude(BenchReport found, Optional<ReportFile> file) {
        System.out.println(json ? Json.pretty(found) : new ReportTable(found));
        file.ifPresent(wanted -> wanted.write(found));
    }

    private int rounds() {
        if (rounds < 1 || rounds > MAX_ROUNDS) {
            throw refusal("--rounds %d: 1 to %d make sense".formatted(rounds, MAX_ROUNDS));
        }
        return rounds;
    }

    private Duration runtime() {
        if (!runtime.matches("[1-9]\\d{0,3}s")) {
            throw refusal("--runtime %s: whole seconds are meant, such as 3s".formatted(runtime));
        }
        return Duration.ofSeconds(Long.parseLong(runtime.substring(0, runtime.length() - 1)));
    }

    private ByteCount disk() {
        ByteCount size = ByteCount.parse(disk);
        if (size.compareTo(LEAST_DISK) < 0 || size.bytes() % (1 << 20) != 0) {
            throw refusal("--disk %s: at least %s, in whole MiB".formatted(disk, LEAST_DISK));
        }
        return size;
    }

    private Path parent() {
        if (directory != null) {
            if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
                throw refusal("--dir %s is not a directory that can be written to".formatted(directory));
            }
            return directory;
        }
        String home = System.getenv("GODWIT_HOME");
        return Path.of(Objects.requireNonNullElse(home, ".godwit"), "bench");
    }

    private static void requireNbdEngine() {
        if (!Command.of("fio", "--enghelp").run().lines().map(String::strip).anyMatch("nbd"::equals)) {
            throw new GodwitException(
                    ErrorCode.UNSUPPORTED,
                    "this fio was built without its nbd engine: install another, such as Debian's");
        }
    }

    private static void requireRoom(Path parent, ByteCount disk) throws IOException {
        Files.createDirectories(parent);
        long free = Files.getFileStore(parent).getUsableSpace();
        long needed = DISKS_NEEDED * disk.bytes() + StoreLimits.DEFAULT.maxLog().bytes();
        if (free < needed) {
            throw refusal(
                    "%s has %s free, and this wants %s".formatted(parent, new ByteCount(free), new ByteCount(needed)));
        }
    }

    private static GodwitException refusal(String sentence) {
        return new GodwitException(ErrorCode.BAD_INPUT, sentence);
    }
}
