package io.godwit.lab.overhead;

import io.godwit.api.CheckpointReport;
import java.util.ArrayList;
import java.util.List;

/** What was seen with one period, in all rounds. */
final class Measured {
    final int everySeconds;
    final List<Double> writesPerSecond = new ArrayList<>();
    final List<Double> pauses = new ArrayList<>();
    final List<Double> bytes = new ArrayList<>();

    Measured(int everySeconds) {
        this.everySeconds = everySeconds;
    }

    void add(CheckpointReport checkpoint) {
        pauses.add(checkpoint.pauseMicros() / 1000.0);
        bytes.add((double) checkpoint.wanBytes().bytes());
    }

    OverheadReport.Row row(OverheadReport.Spread undisturbed) {
        OverheadReport.Spread writes = OverheadReport.Spread.of(writesPerSecond);
        return new OverheadReport.Row(
                everySeconds,
                writes,
                OverheadReport.ratio(writes, undisturbed),
                OverheadReport.Spread.of(pauses),
                OverheadReport.Spread.of(bytes),
                pauses.size());
    }
}
