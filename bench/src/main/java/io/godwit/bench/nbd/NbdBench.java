package io.godwit.bench.nbd;

import io.godwit.bench.BenchReport;
import io.godwit.bench.BenchReport.Row;
import io.godwit.bench.BetterIs;
import io.godwit.bench.Cleanup;
import io.godwit.bench.Program;
import io.godwit.bench.Spread;
import io.godwit.core.ByteCount;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One run: the contenders take turns, round after round, on each case; what disturbs the machine for a while disturbs
 * all of them. The first contender is ours.
 */
final class NbdBench {
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final NbdCase WARMING =
            new NbdCase("warm-up", "IOPS", FioWorkload.iops("--rw=randrw", "--bs=4k", "--iodepth=16"));

    /** How much is measured. */
    record Plan(List<NbdCase> cases, int rounds, Duration runtime, ByteCount disk, boolean replicating) {}

    private final Plan plan;
    private final Path directory;
    private final Cleanup cleanup;
    private final PrintStream progress;

    NbdBench(Plan plan, Path directory, Cleanup cleanup, PrintStream progress) {
        this.plan = plan;
        this.directory = directory;
        this.cleanup = cleanup;
        this.progress = progress;
    }

    BenchReport run() throws IOException, InterruptedException {
        progress.printf("three servers, each on a full disk of %s in %s%n", plan.disk, directory);
        List<Contender> contenders = start();
        for (Contender contender : contenders) {
            contender.settle();
            measure(WARMING, contender, WARM_UP);
        }
        List<Row> rows = new ArrayList<>();
        for (NbdCase work : plan.cases) {
            rows.addAll(compare(work, contenders));
        }
        Map<String, Object> link = plan.replicating ? Map.of("replication", "async, within the machine") : Map.of();
        return new BenchReport("nbd", link, rows);
    }

    private List<Contender> start() throws IOException, InterruptedException {
        Path ours = Files.createDirectory(directory.resolve("g"));
        Path qemu = Files.createDirectory(directory.resolve("q"));
        Path nbdkit = Files.createDirectory(directory.resolve("k"));
        return List.of(
                cleanup.add(GodwitServer.start(ours, disk(ours), plan.disk, plan.replicating)),
                cleanup.add(PeerServer.qemuNbd(qemu, disk(qemu))),
                cleanup.add(PeerServer.nbdkit(nbdkit, disk(nbdkit))));
    }

    private Path disk(Path beside) throws IOException {
        return BenchDisk.make(beside.resolve("disk.raw"), plan.disk);
    }

    private List<Row> compare(NbdCase work, List<Contender> contenders) throws IOException, InterruptedException {
        List<List<Double>> figures = new ArrayList<>();
        contenders.forEach(contender -> figures.add(new ArrayList<>()));
        for (int round = 1; round <= plan.rounds; round++) {
            progress.printf("%s, round %d of %d:", work.name(), round, plan.rounds);
            for (int turn = 0; turn < contenders.size(); turn++) {
                double figure = measure(work, contenders.get(turn), plan.runtime);
                figures.get(turn).add(figure);
                progress.printf("  %s %.0f", contenders.get(turn).name(), figure);
            }
            progress.println();
        }
        Spread ours = Spread.of(figures.getFirst());
        return IntStream.range(1, contenders.size())
                .mapToObj(peer -> Row.of(
                        work.name(),
                        work.unit(),
                        BetterIs.HIGHER,
                        ours,
                        contenders.get(peer).name(),
                        Spread.of(figures.get(peer))))
                .toList();
    }

    private double measure(NbdCase work, Contender contender, Duration runtime)
            throws IOException, InterruptedException {
        BenchDisk.load(contender.image());
        Path output = directory.resolve("output.txt");
        long began = System.nanoTime();
        Program program = cleanup.add(Program.start(output, work.work().command(contender.uri(), runtime)));
        try {
            String said = program.finish(runtime.plus(PATIENCE));
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            return work.work().figure(said, took, plan.disk.bytes());
        } finally {
            cleanup.undo(program);
            contender.settle();
        }
    }
}
