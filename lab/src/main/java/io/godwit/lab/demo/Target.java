package io.godwit.lab.demo;

import io.godwit.api.FailoverReport;
import io.godwit.api.ReplicationMode;
import java.util.ArrayList;
import java.util.List;

/**
 * One figure of the report beside the figure to reach.
 *
 * @param met whether it was reached
 */
record Target(String what, String found, String wanted, boolean met) {
    private static final long LONGEST_PAUSE_MILLIS = 300;
    /** The bound of asynchronous replication, if nothing else is said. */
    private static final long LONGEST_RPO_MILLIS = ReplicationMode.DEFAULT.maxMillis();

    private static final double LONGEST_DIVERT_MILLIS = 10;

    /** What the service's clients were promised, for a report without a fault; of times only where something moved. */
    static List<Target> of(DemoReport report) {
        return report.recovery().isPresent() ? ofRecovery(report) : ofMoves(report);
    }

    /** Cold: the mode's promise is kept, and nobody reads what was never written. */
    private static List<Target> ofRecovery(DemoReport report) {
        var tcp = report.client().tcp();
        return List.of(
                report.givesUpWrites()
                        ? atMost("age of what was given up", rpoMillis(report), LONGEST_RPO_MILLIS, "ms")
                        : none("acknowledged writes lost", tcp.lostWrites()),
                none("values read back wrong", tcp.wrongReads()),
                atMost("pause of the guest on the way home", report.longestPauseMillis(), LONGEST_PAUSE_MILLIS, "ms"));
    }

    private static long rpoMillis(DemoReport report) {
        return report.recovery().flatMap(FailoverReport.Recovery::rpoMillis).orElse(Long.MAX_VALUE);
    }

    private static List<Target> ofMoves(DemoReport report) {
        boolean lossless = report.link().lossPercent() == 0;
        var tcp = report.client().tcp();
        var udp = report.client().udp();
        List<Target> targets = new ArrayList<>();
        if (report.moved()) {
            targets.addAll(times(report));
        }
        targets.add(none("acknowledged writes lost", tcp.lostWrites()));
        targets.add(none("values read back wrong", tcp.wrongReads()));
        targets.add(none("TCP connections reset", tcp.resets()));
        if (lossless) {
            targets.add(none("UDP probes lost", udp.lost()));
        }
        targets.add(none("UDP probes seen twice", udp.duplicated()));
        return targets;
    }

    private static List<Target> times(DemoReport report) {
        long pause = report.longestPauseMillis();
        long gap = Math.round(pause + 2 * report.link().rttMillis());
        double divert = report.network().divertMillis();
        return List.of(
                atMost("pause of the guest", pause, LONGEST_PAUSE_MILLIS, "ms"),
                atMost(
                        "longest gap on the TCP connection",
                        report.client().tcp().longestGapMillis(),
                        gap,
                        "ms"),
                new Target(
                        "divert at the edge", "%.2f ms".formatted(divert), "< 10 ms", divert < LONGEST_DIVERT_MILLIS));
    }

    private static Target atMost(String what, long found, long limit, String unit) {
        return new Target(what, found + " " + unit, "<= %d %s".formatted(limit, unit), found <= limit);
    }

    private static Target none(String what, long found) {
        return new Target(what, Long.toString(found), "0", found == 0);
    }
}
