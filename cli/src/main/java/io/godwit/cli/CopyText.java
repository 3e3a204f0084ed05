package io.godwit.cli;

import io.godwit.api.ApiClient;
import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.CopyProgress;
import io.godwit.api.CopyReport;
import io.godwit.core.ByteCount;
import io.godwit.core.json.Json;
import java.io.PrintWriter;
import java.time.Instant;

/** Asks for a copy that takes its time, and prints how it goes on. */
record CopyText(PrintWriter out, boolean json) {
    private static final double MILLIS_PER_SECOND = 1000;

    void follow(ApiClient site, ApiRequest request, String verb) {
        site.stream(request, reply -> {
            if (reply instanceof ApiReply.Copying(CopyProgress progress)) {
                say(json ? Json.line(progress) : sentence(progress));
            } else if (reply instanceof ApiReply.Copied(CopyReport report)) {
                say(json ? Json.line(report) : sentence(report, verb));
            }
        });
    }

    private static String sentence(CopyProgress progress) {
        String left = progress.millisLeft()
                .map(millis -> ", about %.0f s left".formatted(millis / MILLIS_PER_SECOND))
                .orElse("");
        return "%-9s  %10s of %10s  %10s/s%s"
                .formatted(
                        progress.step(),
                        new ByteCount(progress.doneBytes()),
                        new ByteCount(progress.totalBytes()),
                        new ByteCount(progress.bytesPerSecond()),
                        left);
    }

    private static String sentence(CopyReport report, String verb) {
        long content = report.disks().stream()
                .mapToLong(disk -> disk.content().bytes())
                .sum();
        return "%d disks of group %s with %s of content, as of position %s at %s, were %s %s; %s"
                .formatted(
                        report.disks().size(),
                        report.group(),
                        new ByteCount(content),
                        report.position(),
                        Instant.ofEpochSecond(report.at()),
                        verb,
                        report.directory(),
                        report.sentence());
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
