package io.godwit.bench;

import io.godwit.bench.BenchReport.Row;
import java.util.Locale;

/** A report as a table for people: medians, with the least and the most in brackets. */
public record ReportTable(BenchReport report) {
    private static final String LINE = "%-26s %-6s %-28s %-9s %-28s %5s%n";

    @Override
    public String toString() {
        StringBuilder table =
                new StringBuilder(LINE.formatted("case", "unit", "godwit (min – max)", "peer", "(min – max)", "ratio"));
        for (Row row : report.rows()) {
            table.append(LINE.formatted(
                    row.work(),
                    row.unit(),
                    figures(row.ours()),
                    row.peer(),
                    figures(row.theirs()),
                    "%.2f".formatted(row.ratio())));
        }
        long better = report.rows().stream().filter(row -> row.ratio() > 1).count();
        return table.append("Godwit is ahead in %d of %d rows; a ratio above 1 means that Godwit is better."
                        .formatted(better, report.rows().size()))
                .toString();
    }

    private static String figures(Spread spread) {
        return String.format(Locale.ROOT, "%,.0f (%,.0f – %,.0f)", spread.median(), spread.min(), spread.max());
    }
}
