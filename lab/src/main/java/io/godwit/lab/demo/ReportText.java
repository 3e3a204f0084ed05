package io.godwit.lab.demo;

import io.godwit.api.FailoverReport;
import io.godwit.api.MoveReport;
import io.godwit.core.ByteCount;
import java.util.List;
import java.util.Optional;

/** The report as a person reads it. */
final class ReportText {
    private final DemoReport report;
    private final StringBuilder written = new StringBuilder();

    private ReportText(DemoReport report) {
        this.report = report;
    }

    static String of(DemoReport report) {
        return new ReportText(report).write();
    }

    private String write() {
        line("");
        line(headline());
        line("-".repeat(72));
        client();
        report.failover().ifPresent(this::failover);
        for (MoveReport move : report.moves()) {
            move(move);
        }
        targets();
        line("");
        return written.toString();
    }

    private String headline() {
        String what = report.scenario()
                + report.fault().map(fault -> " with " + fault).orElse("");
        String end = report.failover().isPresent()
                ? "the service came back at %s, and runs at %s in the end"
                        .formatted(report.failover().get().to(), report.serving())
                : report.outcome().equals("migrated")
                        ? "the service moved and runs at " + report.serving()
                        : "the service stayed at " + report.serving()
                                + report.reason().map(why -> ": " + why).orElse("");
        return "%s: %s".formatted(what, end);
    }

    private void client() {
        var tcp = report.client().tcp();
        var udp = report.client().udp();
        line("What the client saw");
        line("  TCP  %,d writes acknowledged, %d lost, %d read back wrong, %d resets, longest gap %d ms"
                .formatted(
                        tcp.acknowledgedWrites(),
                        tcp.lostWrites(),
                        tcp.wrongReads(),
                        tcp.resets(),
                        tcp.longestGapMillis()));
        if (report.unverifiedWrites() > 0) {
            line("       %,d acknowledged writes could not be looked for in the end"
                    .formatted(report.unverifiedWrites()));
        }
        line("  UDP  %,d probes sent, %d lost, %d twice, %d out of order, longest gap %d ms"
                .formatted(udp.sent(), udp.lost(), udp.duplicated(), udp.reordered(), udp.longestGapMillis()));
    }

    private void failover(FailoverReport failover) {
        FailoverReport.Recovery recovery = report.recovery().orElse(failover.recovery());
        line("");
        line("The failover from %s to %s (%s, term %s)"
                .formatted(
                        failover.from(),
                        failover.to(),
                        recovery.mechanism(),
                        failover.term().map(Object::toString).orElse("?")));
        line("  decided %s after the loss; the former term void after %s; the client served after %s"
                .formatted(
                        millis(recovery.detectionMillis()),
                        millis(recovery.fencedMillis()),
                        millis(recovery.serviceMillis())));
        line("  acknowledged writes lost: %s"
                .formatted(
                        recovery.acknowledgedWritesLost().map(Object::toString).orElse("not known")));
        line("  positions: acknowledged %s when last heard of, shipped %s, promoted %s"
                .formatted(
                        failover.copy().acknowledged().map(Object::toString).orElse("not known"),
                        failover.copy().shipped(),
                        failover.copy().promoted()));
        timeline(failover.timeline());
    }

    private static String millis(Optional<Long> known) {
        return known.map(value -> value + " ms").orElse("a time not known");
    }

    private void timeline(List<MoveReport.Moment> moments) {
        line("  timeline");
        for (MoveReport.Moment moment : moments) {
            line("    %8.3f s  %s".formatted(moment.atMillis() / 1000.0, moment.event()));
        }
    }

    private void move(MoveReport move) {
        line("");
        line("The move from %s to %s (%s)"
                .formatted(move.from(), move.to(), move.outcome().word()));
        MoveReport.Server server = move.server();
        if (server.rounds() > 0) {
            line(
                    "  server   paused %d ms (stop %d, copy %d, hand over %d); %s of memory in %d rounds, %s on the WAN, %.1f s in all; %s"
                            .formatted(
                                    server.pauseMillis(),
                                    server.pause().stopMillis(),
                                    server.pause().copyMillis(),
                                    server.pause().handOverMillis(),
                                    new ByteCount(server.memoryBytes()),
                                    server.rounds(),
                                    new ByteCount(server.wanBytes()),
                                    server.totalMillis() / 1000.0,
                                    verdict("memory", server.memoryIdentical())));
        }
        MoveReport.Storage storage = move.storage();
        line("  storage  drained in %d ms, synchronous for %d ms; %s on the WAN since the first copy began; %s"
                .formatted(
                        storage.drainMillis(),
                        storage.synchronousMillis(),
                        new ByteCount(storage.wanBytes()),
                        verdict("disks", storage.identical())));
        MoveReport.Network network = move.network();
        line("  network  diverted in %.2f ms, announced after %d ms, tunnel silent after %d ms"
                .formatted(network.divertMillis(), network.announceMillis(), network.tunnelMillis()));
        timeline(move.timeline());
    }

    private static String verdict(String what, Optional<Boolean> identical) {
        return what + " "
                + identical.map(same -> same ? "identical" : "DIFFERENT").orElse("not compared");
    }

    private void targets() {
        line("");
        line("Against the targets");
        for (Target target : Target.of(report)) {
            line("  %-36s %12s   target %-12s %s"
                    .formatted(target.what(), target.found(), target.wanted(), target.met() ? "met" : "MISSED"));
        }
    }

    private void line(String text) {
        written.append(text).append('\n');
    }
}
