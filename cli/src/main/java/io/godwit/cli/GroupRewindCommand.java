package io.godwit.cli;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.RewindReport;
import io.godwit.core.json.Json;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "rewind",
        mixinStandardHelpOptions = true,
        description = {
            "Takes a group that runs at this site back to a point: its machines are ended as if their power was cut,",
            "its disks become what they were, its machines are booted. Replicas follow by ordinary writes; what is",
            "left behind stays in the history."
        },
        footer = {
            "",
            "Exit codes: 0 done; 1 it was tried without success; 2 refused, or not confirmed, and nothing was changed."
        })
final class GroupRewindCommand implements Callable<Integer> {
    @Mixin
    private SiteOption site = new SiteOption();

    @Mixin
    private PointArguments point = new PointArguments();

    @Option(names = "--yes", description = "Do it; without this, only what it would discard is shown.")
    private boolean yes;

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        ApiReply reply = site.client().ask(new ApiRequest.Rewind(point.group(), point.wish(), yes));
        if (reply instanceof ApiReply.Rewound(RewindReport report)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(json ? Json.line(report) : sentence(report));
            out.flush();
        }
        return yes ? ExitCode.OK : ExitCode.USAGE;
    }

    private static String sentence(RewindReport report) {
        String range = "from %s to %s, %s of the log"
                .formatted(PointsText.point(report.to()), PointsText.point(report.from()), report.discarded());
        return report.undo()
                .map(undo ->
                        "group %s is at %s again after %d ms; %s was written to its disks, %d machines are booted%n"
                                        .formatted(
                                                report.group(),
                                                PointsText.point(report.to()),
                                                report.tookMillis(),
                                                report.written(),
                                                report.machines())
                                + "left behind: %s; 'group rewind %s %s' takes this back"
                                        .formatted(range, report.group(), undo))
                .orElse("this would leave behind what happened %s, and reboot %d machines: add --yes to do it"
                        .formatted(range, report.machines()));
    }
}
