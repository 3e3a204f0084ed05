package io.godwit.bench.replication;

import io.godwit.bench.BetterIs;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.replication.Mode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * One kind of work, and the promise under which each does it.
 *
 * @param mode ours
 * @param copyMode the mirror's
 * @param perRoundTrip whether it is measured on each link, since it must not depend on that, or not by more than one round trip
 */
record ReplicationCase(
        String name,
        String unit,
        BetterIs better,
        Mode mode,
        String copyMode,
        boolean perRoundTrip,
        List<String> fio,
        Figure figure) {
    private static final double HUNDRED_PERCENT = 100;
    private static final double MILLIS = 1000;

    /** What counts of a run. */
    interface Figure {
        /**
         * The figure, in the case's unit.
         *
         * @param jobs what fio says of its jobs
         * @param carried bytes that crossed the link for it
         */
        double of(List<JsonNode> jobs, long carried);
    }

    /** In the order in which they are measured. */
    static final List<ReplicationCase> ALL = List.of(
            new ReplicationCase(
                    "sync-flush-qd1",
                    "ms",
                    BetterIs.LOWER,
                    Mode.SYNC,
                    "write-blocking",
                    true,
                    List.of("--name=flush", "--rw=randwrite", "--bs=4k", "--fsync=1", "--size=64m", "--number_ios=50"),
                    (jobs, carried) -> MILLIS / sum(jobs, "iops")),
            new ReplicationCase(
                    "sync-write-qd32",
                    "IOPS",
                    BetterIs.HIGHER,
                    Mode.SYNC,
                    "write-blocking",
                    true,
                    List.of(
                            "--name=write",
                            "--rw=randwrite",
                            "--bs=4k",
                            "--iodepth=32",
                            "--refill_buffers",
                            "--size=64m",
                            "--io_size=16m",
                            "--end_fsync=1"),
                    (jobs, carried) -> sum(jobs, "iops")),
            new ReplicationCase(
                    "async-mix-wan-bytes",
                    "%",
                    BetterIs.LOWER,
                    Mode.ASYNC,
                    "background",
                    false,
                    StandardMix.FIO,
                    (jobs, carried) -> HUNDRED_PERCENT * carried / sum(jobs, "io_bytes")));

    private static Stream<String> names() {
        return Stream.concat(ALL.stream().map(ReplicationCase::name), Stream.of(FlushBesideBulk.NAME));
    }

    private static double sum(List<JsonNode> jobs, String key) {
        return jobs.stream()
                .mapToDouble(job -> job.path("write").path(key).asDouble())
                .sum();
    }

    double figure(JsonNode report, long carried) {
        return figure.of(
                StreamSupport.stream(report.path("jobs").spliterator(), false).toList(), carried);
    }

    /** The cases whose names begin with one of these words, which may also mean {@link FlushBesideBulk}; all if there is none. */
    static List<ReplicationCase> named(List<String> words) {
        for (String word : words) {
            if (names().noneMatch(known -> known.startsWith(word))) {
                String names = names().collect(Collectors.joining(", "));
                throw new GodwitException(
                        ErrorCode.BAD_INPUT, "no case is called '%s': there are %s".formatted(word, names));
            }
        }
        return ALL.stream()
                .filter(known -> words.isEmpty() || words.stream().anyMatch(known.name::startsWith))
                .toList();
    }
}
