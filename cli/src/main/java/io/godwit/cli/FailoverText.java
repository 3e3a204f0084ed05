package io.godwit.cli;

import io.godwit.api.FailoverReport;
import java.io.PrintWriter;
import java.util.Optional;

/** A failover's report in words. */
final class FailoverText {
    private FailoverText() {}

    static void print(FailoverReport report, PrintWriter out) {
        switch (report.outcome()) {
            case PROPOSED -> {
                out.println(
                        report.from().equals(report.to())
                                ? "site %s, the owner of group %s, would serve it again without knowing that it still is:"
                                        .formatted(report.to(), report.group())
                                : "site %s would take group %s over from %s:"
                                        .formatted(report.to(), report.group(), report.from()));
                report.risks().forEach(risk -> out.println("  - " + risk));
                out.println("nothing was changed: add --yes to do it");
            }
            case FAILED_OVER -> failedOver(report, out);
            case UNDER_WAY ->
                out.println("group %s is being taken over at %s; 'godwit status %s' shows how it goes on"
                        .formatted(report.group(), report.to(), report.group()));
            case GIVEN_UP, REPLACED ->
                out.println("group %s does not run at %s: %s"
                        .formatted(report.group(), report.to(), report.reason().orElse("unknown")));
        }
    }

    private static void failedOver(FailoverReport report, PrintWriter out) {
        FailoverReport.Recovery recovery = report.recovery();
        FailoverReport.Copy copy = report.copy();
        out.println("group %s runs at %s in term %s (%s)"
                .formatted(
                        report.group(),
                        report.to(),
                        report.term().map(Object::toString).orElse("?"),
                        recovery.mechanism()));
        out.println("  decided to fenced   %s".formatted(millis(recovery.fencedMillis())));
        out.println("  decided to running  %s".formatted(millis(recovery.serviceMillis())));
        out.println("  positions           acknowledged %s, shipped %s, promoted %s"
                .formatted(
                        copy.acknowledged().map(Object::toString).orElse("not known"),
                        copy.shipped(),
                        copy.promoted()));
        copy.syncDisks().ifPresent(sync -> out.println("  sync disks          shipped up to %s".formatted(sync)));
        out.println("  lost, as far as is known here   %s of writes".formatted(millis(recovery.rpoMillis())));
        if (!report.from().equals(report.to())) {
            out.println(
                    "what %s had accepted and never shipped is set aside when it returns: 'godwit group set-aside list %s' there"
                            .formatted(report.from(), report.group()));
        }
    }

    private static String millis(Optional<Long> value) {
        return value.map(known -> known + " ms").orElse("not known");
    }
}
