package io.godwit.bench.nbd;

import io.godwit.bench.Cleanup;
import io.godwit.bench.Output;
import io.godwit.bench.Scratch;
import io.godwit.core.ByteCount;
import io.godwit.core.Command;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.volume.StoreLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private final Output output = new Output();

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
            names = "--replicating",
            description = "our log is shipped to a replica meanwhile, asynchronously, on the same processors and disk")
    private boolean replicating;

    @Override
    public Integer call() throws IOException, InterruptedException {
        NbdBench.Plan plan = new NbdBench.Plan(NbdCase.named(cases), rounds(), runtime(), disk(), replicating);
        output.check();
        requireNbdEngine();
        Path parent = output.parent();
        requireRoom(parent, plan.disk());
        try (Cleanup cleanup = Cleanup.untilExit()) {
            Scratch scratch = cleanup.add(Scratch.in(parent));
            output.conclude(new NbdBench(plan, scratch.directory(), cleanup, System.err).run());
        }
        return 0;
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

    private static void requireNbdEngine() {
        if (!Command.of("fio", "--enghelp").run().lines().map(String::strip).anyMatch("nbd"::equals)) {
            throw new GodwitException(
                    ErrorCode.UNSUPPORTED,
                    "this fio was built without its nbd engine: install another, such as Debian's");
        }
    }

    private void requireRoom(Path parent, ByteCount size) throws IOException {
        Files.createDirectories(parent);
        long free = Files.getFileStore(parent).getUsableSpace();
        long ours = size.bytes() + StoreLimits.DEFAULT.maxLog().bytes();
        long needed = DISKS_NEEDED * size.bytes() + StoreLimits.DEFAULT.maxLog().bytes() + (replicating ? ours : 0);
        if (free < needed) {
            throw refusal(
                    "%s has %s free, and this wants %s".formatted(parent, new ByteCount(free), new ByteCount(needed)));
        }
    }

    private static GodwitException refusal(String sentence) {
        return new GodwitException(ErrorCode.BAD_INPUT, sentence);
    }
}
