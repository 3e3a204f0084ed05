package io.godwit.bench.nbd;

import java.time.Duration;
import java.util.List;

/** Work that one of the measuring programs does on an export. */
sealed interface Workload permits FioWorkload, NbdcopyWorkload, QemuImgWorkload {
    /** What to run. */
    List<String> command(String uri, Duration runtime);

    /**
     * The figure, in the case's unit.
     *
     * @param said what the program wrote
     * @param took how long it ran
     * @param diskBytes size of the export
     */
    double figure(String said, Duration took, long diskBytes);
}
