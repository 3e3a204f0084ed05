package io.godwit.bench.replication;

import io.godwit.bench.BenchReport;
import io.godwit.bench.BenchReport.Row;
import io.godwit.bench.BetterIs;
import io.godwit.bench.Cleanup;
import io.godwit.bench.Program;
import io.godwit.bench.Spread;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** One run: for each case and link both are started afresh and take turns, each over a link of its own. */
final class ReplicationBench {
    static final ByteCount DISK = ByteCount.ofMiB(256);
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final String ROUND_TRIP = "round trip";
    private static final double NANOS_OF_MILLI = 1e6;

    /**
     * How much is measured.
     *
     * @param besideBulk whether also what a flush takes beside another disk's bulk
     */
    record Plan(List<ReplicationCase> cases, boolean besideBulk, int rounds, List<LinkShape> links) {}

    private final Plan plan;
    private final Path directory;
    private final Cleanup cleanup;
    private final PrintStream progress;
    private int started;

    ReplicationBench(Plan plan, Path directory, Cleanup cleanup, PrintStream progress) {
        this.plan = plan;
        this.directory = directory;
        this.cleanup = cleanup;
        this.progress = progress;
    }

    BenchReport run() throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        for (ReplicationCase work : plan.cases) {
            for (LinkShape link : work.perRoundTrip() ? plan.links : plan.links.subList(0, 1)) {
                rows.addAll(compare(work, link));
            }
        }
        for (LinkShape link : plan.besideBulk ? plan.links : List.<LinkShape>of()) {
            rows.addAll(compareClasses(link));
        }
        List<Long> roundTrips =
                plan.links.stream().map(link -> link.roundTrip().toMillis()).toList();
        int megabits = plan.links.getFirst().megabitsPerSecond();
        return new BenchReport("replication", Map.of("rttMillis", roundTrips, "megabitsPerSecond", megabits), rows);
    }

    private List<Row> compareClasses(LinkShape link) throws IOException, InterruptedException {
        String name =
                "%s-rtt%d".formatted(FlushBesideBulk.NAME, link.roundTrip().toMillis());
        List<Double> with = new ArrayList<>();
        List<Double> without = new ArrayList<>();
        for (int round = 1; round <= plan.rounds; round++) {
            with.add(new FlushBesideBulk(fresh(), link, true).measure());
            without.add(new FlushBesideBulk(fresh(), link, false).measure());
            progress.printf(
                    "%s, round %d of %d:  %s %.1f  %s %.1f ms%n",
                    name, round, plan.rounds, GodwitPair.NAME, with.getLast(), FlushBesideBulk.PEER, without.getLast());
        }
        Spread ours = Spread.of(with);
        return List.of(
                Row.of(name, "ms", BetterIs.LOWER, ours, FlushBesideBulk.PEER, Spread.of(without)),
                Row.of(name, "ms", BetterIs.LOWER, ours, ROUND_TRIP, way(link)));
    }

    private static Spread way(LinkShape link) {
        return Spread.of(List.of(link.roundTrip().toNanos() / NANOS_OF_MILLI));
    }

    private List<Row> compare(ReplicationCase work, LinkShape link) throws IOException, InterruptedException {
        String name = "%s-rtt%d".formatted(work.name(), link.roundTrip().toMillis());
        ReplicatedDisk ours = cleanup.add(GodwitPair.start(fresh(), DISK, link, work.mode()));
        ReplicatedDisk theirs = cleanup.add(QemuMirror.start(fresh(), DISK, link, work.copyMode()));
        List<Double> our = new ArrayList<>();
        List<Double> their = new ArrayList<>();
        for (int round = 1; round <= plan.rounds; round++) {
            our.add(measure(work, ours));
            their.add(measure(work, theirs));
            progress.printf(
                    "%s, round %d of %d:  %s %.1f  %s %.1f %s%n",
                    name, round, plan.rounds, ours.name(), our.getLast(), theirs.name(), their.getLast(), work.unit());
        }
        cleanup.undo(ours);
        cleanup.undo(theirs);
        return rows(name, work, link, Spread.of(our), theirs.name(), Spread.of(their));
    }

    private static List<Row> rows(
            String name, ReplicationCase work, LinkShape link, Spread ours, String peer, Spread theirs) {
        Row besidePeer = Row.of(name, work.unit(), work.better(), ours, peer, theirs);
        if (!work.unit().equals("ms")) {
            return List.of(besidePeer);
        }
        return List.of(besidePeer, Row.of(name, work.unit(), work.better(), ours, ROUND_TRIP, way(link)));
    }

    /** Directories have short names: a socket's path has about 100 characters. */
    private Path fresh() throws IOException {
        return Files.createDirectory(directory.resolve("" + started++));
    }

    private double measure(ReplicationCase work, ReplicatedDisk disk) throws IOException, InterruptedException {
        long before = disk.carried();
        List<String> command = new ArrayList<>(List.of(
                "fio",
                "--ioengine=nbd",
                "--uri=" + disk.uri(),
                "--randrepeat=0",
                "--norandommap",
                "--output-format=json"));
        command.addAll(work.fio());
        Program program = cleanup.add(Program.start(directory.resolve("output.txt"), command));
        String said;
        try {
            said = program.finish(PATIENCE);
        } finally {
            cleanup.undo(program);
        }
        disk.settle();
        return work.figure(report(said), disk.carried() - before);
    }

    /** Before its report fio tells to whom it has connected. */
    private static JsonNode report(String said) {
        int begin = said.indexOf('{');
        if (begin < 0) {
            throw new GodwitException(ErrorCode.FAILED, "fio has reported nothing: " + said.strip());
        }
        return Json.read(said.substring(begin), JsonNode.class, "fio's report");
    }
}
