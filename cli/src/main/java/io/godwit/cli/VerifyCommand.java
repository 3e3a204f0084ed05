package io.godwit.cli;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.VerifyReport;
import io.godwit.core.ByteCount;
import io.godwit.core.GroupName;
import io.godwit.core.json.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Compares both sites' copies of the disks of a group that runs at this site, while it runs.",
        footer = {
            "",
            "Ctrl-C ends it. docs/verify.md says what is compared, and whom --repair believes.",
            "Exit codes: 0 the copies are the same (now); 1 they differ, or it could not be found out; 2 refused."
        })
final class VerifyCommand implements Callable<Integer> {
    private static final int SHOWN = 100;
    private static final double PERCENT = 100;

    @Mixin
    private SiteOption site = new SiteOption();

    @Parameters(paramLabel = "GROUP", description = "The protection group.")
    private String group = "";

    @Option(
            names = "--repair",
            description = "Write what differs at the replica once more from this site's disks, then compare it again.")
    private boolean repair;

    @Option(
            names = "--max-rate",
            paramLabel = "SIZE",
            defaultValue = "256MiB",
            description = "What each site reads in a second at most (default: ${DEFAULT-VALUE}).")
    private String rate = "";

    @Option(names = "--json", description = "Print progress and report as lines of JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private @Nullable VerifyReport report;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        site.client().stream(new ApiRequest.Verify(new GroupName(group), repair, ByteCount.parse(rate)), reply -> {
            if (reply instanceof ApiReply.Verifying(VerifyReport.Progress progress)) {
                out.println(json ? Json.line(progress) : sentence(progress));
            } else if (reply instanceof ApiReply.Verified(VerifyReport ended)) {
                report = ended;
                print(ended, out);
            }
            out.flush();
        });
        return report != null && report.identical() ? 0 : 1;
    }

    private static String sentence(VerifyReport.Progress progress) {
        return "%5.1f %% of %s, %s read here%s, about %d s left"
                .formatted(
                        PERCENT * progress.done().bytes() / progress.total().bytes(),
                        progress.total(),
                        progress.read(),
                        progress.differing().bytes() == 0 ? "" : ", %s differ".formatted(progress.differing()),
                        progress.millisLeft() / 1000);
    }

    private void print(VerifyReport report, PrintWriter out) {
        if (json) {
            out.println(Json.line(report));
            return;
        }
        show(report.differing(), "differs", out);
        report.remaining().ifPresent(left -> show(left, "STILL differs", out));
        out.println(verdict(report));
    }

    private static void show(List<VerifyReport.Extent> extents, String verb, PrintWriter out) {
        extents.stream()
                .limit(SHOWN)
                .forEach(extent -> out.println("disk %s %s from byte %d on, %d bytes"
                        .formatted(extent.disk(), verb, extent.offset(), extent.length())));
        if (extents.size() > SHOWN) {
            out.println("and %d more places: --json lists them".formatted(extents.size() - SHOWN));
        }
    }

    private static String verdict(VerifyReport report) {
        String where = report.from().equals(report.to())
                ? "at position " + report.from()
                : "at positions %s to %s".formatted(report.from(), report.to());
        String how = "%s compared %s in %.1f s".formatted(report.total(), where, report.tookMillis() / 1000.0);
        if (report.differing().isEmpty()) {
            return "both copies of %s are the same: %s".formatted(report.group(), how);
        }
        if (report.identical()) {
            return "both copies of %s are the same now, %s were written again: %s"
                    .formatted(report.group(), report.differingBytes(), how);
        }
        return "the copies of %s differ in %s: %s; the same with --repair writes these again at the replica"
                .formatted(report.group(), report.differingBytes(), how);
    }
}
