package io.godwit.lab.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * One figure of the report beside the figure to reach.
 *
 * @param met whether it was reached
 */
record Target(String what, String found, String wanted, boolean met) {
    private static final long LONGEST_PAUSE_MILLIS = 300;
    private static final double LONGEST_DIVERT_MILLIS = 10;

    /** What the service's clients were promised, for a report without a fault. */
    static List<Target> of(DemoReport report) {
        long pause = report.longestPauseMillis();
        long gap = Math.round(pause + 2 * report.link().rttMillis());
        boolean lossless = report.link().lossPercent() == 0;
        var tcp = report.client().tcp();
        var udp = report.client().udp();
        List<Target> targets = new ArrayList<>();
        targets.add(atMost("pause of the guest", pause, LONGEST_PAUSE_MILLIS, "ms"));
        targets.add(atMost("longest gap on the TCP connection", tcp.longestGapMillis(), gap, "ms"));
        targets.add(new Target(
                "divert at the edge",
                "%.2f ms".formatted(report.network().divertMillis()),
                "< 10 ms",
                report.network().divertMillis() < LONGEST_DIVERT_MILLIS));
        targets.add(none("acknowledged writes lost", tcp.lostWrites()));
        targets.add(none("values read back wrong", tcp.wrongReads()));
        targets.add(none("TCP connections reset", tcp.resets()));
        if (lossless) {
            targets.add(none("UDP probes lost", udp.lost()));
        }
        targets.add(none("UDP probes seen twice", udp.duplicated()));
        return targets;
    }

    private static Target atMost(String what, long found, long limit, String unit) {
        return new Target(what, found + " " + unit, "<= %d %s".formatted(limit, unit), found <= limit);
    }

    private static Target none(String what, long found) {
        return new Target(what, Long.toString(found), "0", found == 0);
    }
}
