package io.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.ApiReply;
import io.godwit.api.HistoryBounds;
import io.godwit.api.PointsReport;
import io.godwit.cli.FakeSite.Ran;
import io.godwit.core.ByteCount;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code godwit points}. */
class PointsCommandTest {
    @RegisterExtension
    final FakeSite site = new FakeSite();

    private static PointsReport.OpenPoint open(String id, boolean test) {
        PointsReport.Point point = new PointsReport.Point(new Position(4_096), Optional.empty());
        return new PointsReport.OpenPoint(id, point, true, test, new ByteCount(8_192), List.of(), Optional.empty());
    }

    @Test
    void aPointOnWhichTheMachinesOfATestRunIsCalledSo() {
        PointsReport points = new PointsReport(
                new GroupName("shop"),
                new SiteName("west"),
                HistoryBounds.DEFAULT,
                Optional.empty(),
                Optional.empty(),
                ByteCount.ZERO,
                List.of(),
                List.of(),
                List.of(open("p1", false), open("p2", true)));
        Ran ran = site.run(List.of(new ApiReply.Points(points)), "points", "shop");
        assertThat(ran.out())
                .containsPattern("p1: 4096, writable, 8.00 KiB written\\R")
                .contains("p2: 4096, writable, 8.00 KiB written, by the machines of a failover test");
    }
}
