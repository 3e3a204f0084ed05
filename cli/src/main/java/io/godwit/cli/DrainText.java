package io.godwit.cli;

import io.godwit.api.DrainProgress;
import io.godwit.api.DrainReport;
import io.godwit.api.MoveProgress;
import io.godwit.core.ByteCount;
import java.io.PrintWriter;
import java.util.Optional;

/** A drain's plan, progress and report in words. */
final class DrainText {
    private static final double SECOND_MILLIS = 1_000;

    private DrainText() {}

    static String line(DrainProgress progress) {
        String group = progress.group().map(name -> name + ": ").orElse("");
        return "%7s  %s%s"
                .formatted(
                        seconds(progress.atMillis()),
                        group,
                        progress.move().map(DrainText::move).orElse(progress.sentence()));
    }

    private static String move(MoveProgress move) {
        return "%s, round %d, %s sent, %s/s"
                .formatted(
                        move.phase(),
                        move.round(),
                        new ByteCount(move.wanBytes()),
                        new ByteCount(move.bytesPerSecond()));
    }

    static void print(DrainReport report, PrintWriter out) {
        out.println(heading(report));
        report.groups().forEach(group -> print(group, out));
        if (isNothingToDo(report)) {
            out.println("  no group runs here: there is nothing to do");
        } else if (report.outcome() == DrainReport.Outcome.PLANNED) {
            out.println("nothing was changed: add --yes to do it");
        }
    }

    /** Whether a plan was asked for where there is nothing to plan. */
    static boolean isNothingToDo(DrainReport report) {
        return report.outcome() == DrainReport.Outcome.PLANNED
                && report.groups().isEmpty();
    }

    private static String heading(DrainReport report) {
        Optional<String> left = report.millisLeft().map(DrainText::seconds);
        String why = report.reason().map(reason -> ": " + reason).orElse("");
        return switch (report.outcome()) {
            case PLANNED ->
                "to drain site %s%s:"
                        .formatted(report.site(), left.map(" within "::concat).orElse(""));
            case UNDER_WAY ->
                "site %s is being drained%s:"
                        .formatted(
                                report.site(),
                                left.map(", with %s left"::formatted).orElse(""));
            case DRAINED -> "every group has left site %s%s".formatted(report.site(), why);
            case ENDED ->
                "the drain of site %s has ended, and not every group has left%s".formatted(report.site(), why);
        };
    }

    private static void print(DrainReport.Group group, PrintWriter out) {
        out.println("  priority %d  %s: %s".formatted(group.priority(), group.group(), fate(group)));
        group.reason().ifPresent(reason -> out.println("      because: " + reason));
        group.notes().forEach(note -> out.println("      note: " + note));
    }

    private static String fate(DrainReport.Group group) {
        String to = group.to().map(site -> " " + site).orElse(" its other site");
        return switch (group.fate()) {
            case MOVE ->
                "moved to%s, after %s, in about %s%n      estimate: %s"
                        .formatted(to, begins(group), expected(group), because(group));
            case MOVING -> "on its way to%s; about %s were expected".formatted(to, expected(group));
            case LEFT ->
                "has left for%s%s"
                        .formatted(
                                to,
                                group.tookMillis()
                                        .map(took -> " in %s; about %s were expected"
                                                .formatted(seconds(took), expected(group)))
                                        .orElse(""));
            case SYNCHRONISE ->
                "made synchronous with%s%s"
                        .formatted(
                                to,
                                group.synchronisingMillis()
                                        .map(millis -> ", in about " + seconds(millis))
                                        .orElse(""));
            case SYNCHRONOUS -> "is here, and synchronous with%s".formatted(to);
            case STAY -> "is here, and not synchronous with" + to;
        };
    }

    private static String begins(DrainReport.Group group) {
        return group.beginsMillis().map(DrainText::seconds).orElse("0.0 s");
    }

    private static String expected(DrainReport.Group group) {
        return group.move().map(move -> seconds(move.millis())).orElse("an unknown time");
    }

    private static String because(DrainReport.Group group) {
        return group.move().map(DrainReport.Estimate::because).orElse("");
    }

    private static String seconds(long millis) {
        return "%.1f s".formatted(millis / SECOND_MILLIS);
    }
}
