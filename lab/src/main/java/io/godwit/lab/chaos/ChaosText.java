package io.godwit.lab.chaos;

import io.godwit.core.SiteName;
import java.util.List;
import java.util.Locale;

/** What a run found, as a person reads it. */
final class ChaosText {
    private ChaosText() {}

    /** One line for a round. */
    static String outcome(ChaosReport.Round round) {
        String where = round.ownerBefore().equals(round.ownerAfter())
                ? "stayed at " + round.ownerAfter()
                : "went on at " + round.ownerAfter();
        return "%s: %s, term %d; %sthe client waited %s at most%s%s"
                .formatted(
                        round.broken().isEmpty() ? "as expected" : "NOT AS EXPECTED",
                        where,
                        round.term(),
                        takeover(round),
                        seconds(round.gapMillis()),
                        round.wellMillis()
                                .map(millis -> "; all well %s after the fault's end".formatted(seconds(millis)))
                                .orElse(""),
                        round.broken().map(why -> "; " + why).orElse(""));
    }

    static String howLong(Schedule.Entry entry) {
        return entry.untilServed()
                ? "until the other site serves"
                : "for " + seconds(entry.lasting().toMillis());
    }

    static String further(ChaosReport.Further struck, SiteName takesOver) {
        return "%s after it, %s (%s being the owner by then)"
                .formatted(seconds(struck.afterMillis()), struck.fault(), takesOver);
    }

    private static String takeover(ChaosReport.Round round) {
        return round.servedMillis().isEmpty()
                ? ""
                : "it had the group %s after the fault and served %s after it, %d acknowledged writes are lost; "
                        .formatted(
                                seconds(round.detectionMillis().orElseThrow()),
                                seconds(round.servedMillis().get()),
                                round.lostWrites());
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }

    /** What there is to choose from. */
    static String list(List<Disturbance> disturbances) {
        StringBuilder text = new StringBuilder();
        for (Disturbance one : disturbances) {
            text.append("%-24s %s%n".formatted(one.word(), one.sentence()));
            text.append("%-24s for %d to %d s; %s%n"
                    .formatted(
                            "",
                            one.least().toSeconds(),
                            one.most().toSeconds(),
                            one.expectation(one.most()).inWords(new SiteName("owner"), new SiteName("other"))));
        }
        return text.toString();
    }

    static String of(ChaosReport report, Promise promise, String again) {
        StringBuilder text = new StringBuilder(
                "%n%d rounds under seed %d%n%s%n".formatted(report.rounds().size(), report.seed(), "-".repeat(110)));
        text.append("  %-34s %-14s %9s %9s %9s %10s %10s  %s%n"
                .formatted("fault", "service", "detected", "served", "gap", "well after", "no leader", "verdict"));
        report.rounds().forEach(round -> text.append(row(round)));
        report.takeovers().ifPresent(all -> text.append(takeovers(all)));
        var tcp = report.client().tcp();
        text.append("\nThe client: %,d writes acknowledged, %d lost, %d read back wrong, %d connections given up%n"
                .formatted(tcp.acknowledgedWrites(), tcp.lostWrites(), tcp.wrongReads(), tcp.resets()));
        report.broken().forEach(why -> text.append("BROKEN: ").append(why).append('\n'));
        text.append(report.succeeded() ? "All was as expected: " : "Not all was as expected: ")
                .append(
                        report.succeeded()
                                ? promise.inWords() + ", and there never were two writers.\n"
                                : "see above.\n");
        text.append("The same again: ").append(again).append('\n');
        return text.toString();
    }

    private static String takeovers(ChaosReport.Takeovers all) {
        return "%nThe other site took over %d times: it had the group after %s, and served after %s; %d acknowledged writes are lost%n"
                .formatted(all.count(), spread(all.detectionMillis()), spread(all.servedMillis()), all.lostWrites());
    }

    private static String spread(ChaosReport.Spread times) {
        return "%s (median; %s to %s)"
                .formatted(seconds(times.median()), seconds(times.least()), seconds(times.most()));
    }

    private static String row(ChaosReport.Round round) {
        return "  %-34s %-14s %9s %9s %9s %10s %10s  %s%n"
                .formatted(
                        round.fault()
                                + round.further()
                                        .map(more -> ", " + more.fault())
                                        .orElse(""),
                        round.ownerBefore().equals(round.ownerAfter())
                                ? "at " + round.ownerAfter()
                                : "%s -> %s".formatted(round.ownerBefore(), round.ownerAfter()),
                        round.detectionMillis().map(ChaosText::seconds).orElse("-"),
                        round.servedMillis().map(ChaosText::seconds).orElse("-"),
                        seconds(round.gapMillis()),
                        round.wellMillis().map(ChaosText::seconds).orElse("never"),
                        seconds(round.leaderlessMillis()),
                        round.broken().isEmpty() ? "as expected" : "BROKEN");
    }
}
