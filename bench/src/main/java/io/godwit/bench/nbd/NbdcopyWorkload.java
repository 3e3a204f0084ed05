package io.godwit.bench.nbd;

import java.time.Duration;
import java.util.List;

/** Reads the whole export with {@code nbdcopy}, which uses several connections; in megabytes a second. */
record NbdcopyWorkload() implements Workload {
    @Override
    public List<String> command(String uri, Duration runtime) {
        return List.of("nbdcopy", uri, "null:");
    }

    @Override
    public double figure(String said, Duration took, long diskBytes) {
        return diskBytes / (took.toNanos() / 1e9) / 1e6;
    }
}
