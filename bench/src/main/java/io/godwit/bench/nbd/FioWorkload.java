package io.godwit.bench.nbd;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A job of fio's {@code nbd} engine, which connects by libnbd.
 *
 * @param figure the key of fio's report that counts; those of reads and writes are added
 * @param divisor what that is divided by to be in the case's unit
 * @param options what distinguishes the job
 */
record FioWorkload(String figure, double divisor, List<String> options) implements Workload {
    private static final int BYTES_OF_MB = 1_000_000;

    /** Counts operations; those that are no read or write, such as flushes, don't count. */
    static FioWorkload iops(String... options) {
        return new FioWorkload("iops", 1, List.of(options));
    }

    /** Counts megabytes. */
    static FioWorkload throughput(String... options) {
        return new FioWorkload("bw_bytes", BYTES_OF_MB, List.of(options));
    }

    @Override
    public List<String> command(String uri, Duration runtime) {
        List<String> command = new ArrayList<>(List.of(
                "fio",
                "--name=bench",
                "--ioengine=nbd",
                "--uri=" + uri,
                "--time_based",
                "--runtime=%dms".formatted(runtime.toMillis()),
                "--ramp_time=0",
                "--randrepeat=0",
                "--norandommap",
                "--group_reporting",
                "--output-format=json"));
        command.addAll(options);
        return command;
    }

    @Override
    public double figure(String said, Duration took, long diskBytes) {
        int begin = said.indexOf('{');
        if (begin < 0) {
            throw new GodwitException(ErrorCode.FAILED, "fio has reported nothing: " + said.strip());
        }
        JsonNode job = Json.read(said.substring(begin), JsonNode.class, "fio's report")
                .path("jobs")
                .path(0);
        double sum = job.path("read").path(figure).asDouble()
                + job.path("write").path(figure).asDouble();
        return sum / divisor;
    }
}
