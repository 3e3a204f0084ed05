package io.godwit.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.bench.BenchReport.Row;
import io.godwit.core.json.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BenchReportTest {
    private static final Spread OURS = Spread.of(List.of(300.0, 100.0, 200.0));
    private static final Spread THEIRS = Spread.of(List.of(40.04, 60.0));

    @Test
    void aSpreadIsTheMiddleTheLeastAndTheMost() {
        assertThat(OURS).isEqualTo(new Spread(200, 100, 300));
        assertThat(THEIRS).isEqualTo(new Spread(50, 40, 60));
    }

    @Test
    void aRatioAboveOneMeansThatOursIsBetter() {
        assertThat(Row.of("c", "IOPS", BetterIs.HIGHER, OURS, "p", THEIRS).ratio())
                .isEqualTo(4);
        assertThat(Row.of("c", "ms", BetterIs.LOWER, OURS, "p", THEIRS).ratio()).isEqualTo(0.25);
    }

    @Test
    void theReportHasTheDocumentedKeys() {
        Row row = Row.of("randread-4k-qd1", "IOPS", BetterIs.HIGHER, OURS, "nbdkit", THEIRS);
        assertThat(Json.line(new BenchReport("nbd", Map.of(), List.of(row))))
                .isEqualTo("{\"schema\":1,\"bench\":\"nbd\",\"link\":{},\"rows\":[{\"case\":\"randread-4k-qd1\","
                        + "\"unit\":\"IOPS\",\"betterIs\":\"higher\","
                        + "\"ours\":{\"median\":200.0,\"min\":100.0,\"max\":300.0},\"peer\":\"nbdkit\","
                        + "\"theirs\":{\"median\":50.0,\"min\":40.0,\"max\":60.0},\"ratio\":4.0}]}");
    }

    @Test
    void theTableNamesEveryRowAndCountsThoseAhead() {
        Row ahead = Row.of("randread-4k-qd1", "IOPS", BetterIs.HIGHER, OURS, "nbdkit", THEIRS);
        Row behind = Row.of("write-1m-qd4", "MB/s", BetterIs.HIGHER, THEIRS, "qemu-nbd", OURS);
        String table = new ReportTable(new BenchReport("nbd", Map.of(), List.of(ahead, behind))).toString();
        assertThat(table.lines().toList())
                .hasSize(4)
                .anySatisfy(line ->
                        assertThat(line).startsWith("randread-4k-qd1 ").contains("200 (100 – 300)", "nbdkit", "4.00"))
                .last()
                .asString()
                .startsWith("Godwit is ahead in 1 of 2 rows");
    }
}
