package io.godwit.lab.overhead;

import java.util.List;

/**
 * What checkpoints cost a service, as {@code --report} writes it.
 *
 * @param rows by how often a checkpoint was taken; the first without any
 */
record OverheadReport(int schema, double rttMillis, double rateMbit, int rounds, List<Row> rows) {
    static final int SCHEMA = 1;

    /** The middle, the lowest and the highest of some rounds. */
    record Spread(double median, double min, double max) {
        static Spread of(List<Double> values) {
            double[] sorted =
                    values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            return sorted.length == 0
                    ? new Spread(0, 0, 0)
                    : new Spread(
                            (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2,
                            sorted[0],
                            sorted[sorted.length - 1]);
        }

        @Override
        public String toString() {
            return "%.1f (%.1f to %.1f)".formatted(median, min, max);
        }
    }

    /**
     * @param everySeconds 0 for never
     * @param writesPerSecond acknowledged to the client
     * @param ofUndisturbed the median of that, over the median of the first row's
     * @param pauseMillis for which the machine stood still, of each checkpoint
     * @param bytesPerCheckpoint on the WAN
     * @param checkpoints that were taken, in all rounds
     */
    record Row(
            int everySeconds,
            Spread writesPerSecond,
            double ofUndisturbed,
            Spread pauseMillis,
            Spread bytesPerCheckpoint,
            int checkpoints) {}

    String text() {
        StringBuilder text = new StringBuilder();
        text.append("%n%-10s %26s %8s %26s %30s%n"
                .formatted("checkpoint", "writes/s", "ratio", "pause, ms", "KiB on the WAN for each"));
        for (Row row : rows) {
            String every = row.everySeconds == 0 ? "never" : "every %d s".formatted(row.everySeconds);
            Spread kib = new Spread(
                    row.bytesPerCheckpoint.median / 1024,
                    row.bytesPerCheckpoint.min / 1024,
                    row.bytesPerCheckpoint.max / 1024);
            text.append("%-10s %26s %8.2f %26s %30s%n"
                    .formatted(
                            every,
                            row.writesPerSecond,
                            row.ofUndisturbed,
                            row.checkpoints == 0 ? "" : row.pauseMillis,
                            row.checkpoints == 0 ? "" : kib));
        }
        return text.toString();
    }

    static double ratio(Spread of, Spread undisturbed) {
        return undisturbed.median == 0 ? 0 : Math.round(of.median / undisturbed.median * 100) / 100.0;
    }
}
