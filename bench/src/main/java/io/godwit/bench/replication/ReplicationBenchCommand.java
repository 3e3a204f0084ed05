package io.godwit.bench.replication;

import io.godwit.bench.Cleanup;
import io.godwit.bench.Output;
import io.godwit.bench.Scratch;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code godwit bench replication}. */
@Command(
        name = "replication",
        mixinStandardHelpOptions = true,
        description = {
            "Measures a replicated disk over an emulated link next to QEMU's blockdev-mirror over the same link.",
            "Synchronous writes beside the mirror's write-blocking mode, bytes on the WAN beside its background mode."
        },
        footer = {"", "Exit codes: 0 measured, whoever is ahead; 1 a program failed; 2 refused."})
public final class ReplicationBenchCommand implements Callable<Integer> {
    private static final int MAX_ROUNDS = 1000;
    private static final int MAX_MILLIS = 1000;
    private static final int MAX_MEGABITS = 10_000;

    @Mixin
    private final Output output = new Output();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "how often each takes its turn (default ${DEFAULT-VALUE})")
    private int rounds = 5;

    @Option(
            names = "--case",
            paramLabel = "NAME",
            split = ",",
            description = "only the cases whose names begin so, such as sync or async-mix")
    private List<String> cases = List.of();

    @Option(
            names = "--rtt",
            paramLabel = "MILLIS",
            split = ",",
            description = "round trips to measure at; bytes are measured at the first (default ${DEFAULT-VALUE})")
    private List<Integer> roundTrips = List.of(10, 40);

    @Option(names = "--rate", paramLabel = "MBIT", description = "of the link, in Mbit/s (default ${DEFAULT-VALUE})")
    private int megabits = 100;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var plan = new ReplicationBench.Plan(ReplicationCase.named(cases), besideBulk(), rounds(), links());
        output.check();
        Path parent = output.parent();
        try (Cleanup cleanup = Cleanup.untilExit()) {
            Scratch scratch = cleanup.add(Scratch.in(parent));
            output.conclude(new ReplicationBench(plan, scratch.directory(), cleanup, System.err).run());
        }
        return 0;
    }

    private boolean besideBulk() {
        return cases.isEmpty() || cases.stream().anyMatch(FlushBesideBulk.NAME::startsWith);
    }

    private int rounds() {
        require(rounds >= 1 && rounds <= MAX_ROUNDS, "--rounds %d: 1 to %d make sense".formatted(rounds, MAX_ROUNDS));
        return rounds;
    }

    private List<LinkShape> links() {
        require(
                megabits >= 1 && megabits <= MAX_MEGABITS,
                "--rate %d: 1 to %d Mbit/s make sense".formatted(megabits, MAX_MEGABITS));
        for (int millis : roundTrips) {
            require(
                    millis >= 0 && millis <= MAX_MILLIS,
                    "--rtt %d: 0 to %d ms make sense".formatted(millis, MAX_MILLIS));
        }
        return roundTrips.stream()
                .map(millis -> new LinkShape(Duration.ofMillis(millis), megabits))
                .toList();
    }

    private static void require(boolean sensible, String sentence) {
        if (!sensible) {
            throw new GodwitException(ErrorCode.BAD_INPUT, sentence);
        }
    }
}
