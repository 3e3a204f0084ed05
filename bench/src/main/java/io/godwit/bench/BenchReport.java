package io.godwit.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/**
 * What a benchmark found, as its {@code --report} writes it. Keys are added, never renamed.
 *
 * @param link the link that was measured over; empty when there was none
 */
public record BenchReport(int schema, String bench, Map<String, Object> link, List<Row> rows) {
    private static final int SCHEMA = 1;

    public BenchReport(String bench, Map<String, Object> link, List<Row> rows) {
        this(SCHEMA, bench, Map.copyOf(link), List.copyOf(rows));
    }

    /** One case of work, done by us and by one peer. */
    public record Row(
            @JsonProperty("case") String work,
            String unit,
            BetterIs betterIs,
            Spread ours,
            String peer,
            Spread theirs,
            double ratio) {

        public static Row of(String work, String unit, BetterIs betterIs, Spread ours, String peer, Spread theirs) {
            double ratio = betterIs.ratio(ours.median(), theirs.median());
            return new Row(work, unit, betterIs, ours, peer, theirs, Math.round(ratio * 100) / 100.0);
        }
    }
}
