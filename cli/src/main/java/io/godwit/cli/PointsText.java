package io.godwit.cli;

import io.godwit.api.PointsReport;
import io.godwit.api.PointsReport.OpenPoint;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/** The points of a group's past, for people. */
final class PointsText {
    private PointsText() {}

    static void print(PointsReport points, Consumer<String> out) {
        out.accept("group %s at %s keeps %s or %d s of its past"
                .formatted(
                        points.group(),
                        points.site(),
                        points.bounds().maxBytes(),
                        points.bounds().maxSeconds()));
        if (points.oldest().isEmpty() || points.newest().isEmpty()) {
            out.accept("  nothing to open yet: the replica is not complete");
        } else {
            out.accept("  oldest      " + point(points.oldest().get()));
            out.accept("  newest      %s, %s after the oldest"
                    .formatted(point(points.newest().get()), points.kept()));
        }
        for (PointsReport.Mark mark : points.marks()) {
            out.accept("  mark        %s at %s, %s (%s)"
                    .formatted(mark.name(), mark.position(), mark.time().truncatedTo(ChronoUnit.SECONDS), mark.kind()));
        }
        points.open().forEach(open -> print(open, out));
    }

    static void print(OpenPoint open, Consumer<String> out) {
        String state = open.ended().map(why -> "ENDED: " + why).orElse(open.writable() ? "writable" : "read-only");
        String written = open.writable() ? ", %s written".formatted(open.written()) : "";
        String use = open.test() ? ", by the machines of a failover test" : "";
        out.accept("  open        %s: %s, %s%s%s".formatted(open.id(), point(open.point()), state, written, use));
        open.exports().forEach(export -> out.accept("              %s  %s".formatted(export.disk(), export.uri())));
    }

    static String point(PointsReport.Point point) {
        return point.time().isEmpty()
                ? point.position().toString()
                : "%s (%s)".formatted(point.position(), point.time().get().truncatedTo(ChronoUnit.SECONDS));
    }
}
