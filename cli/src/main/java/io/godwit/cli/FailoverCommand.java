package io.godwit.cli;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.FailoverReport;
import io.godwit.api.FailoverReport.Outcome;
import io.godwit.api.PointWish;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.json.Json;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "failover",
        mixinStandardHelpOptions = true,
        description = {
            "Takes a group over at this site, whose owner's site is lost: its replica is made the primary, its machines are",
            "booted from their disks, its addresses are announced here. Without --yes, only what that would mean is said.",
            "If the owner still runs the group it is refused: 'godwit migrate' moves it without a loss.",
            "With --test it is tried out: the machines are booted from copies of the disks, in a network that leads nowhere,",
            "while the group goes on where it is."
        },
        footer = {
            "",
            "Two sites alone can't know which of them is lost: whoever says --yes vouches for it that the other one does not",
            "run the group. A site that returns gives way by itself, and becomes the replica.",
            "Exit codes: 0 done, or the test was passed; 1 it was tried without success; 2 refused, or not confirmed, and",
            "nothing was changed."
        })
final class FailoverCommand implements Callable<Integer> {
    @Mixin
    private SiteOption site = new SiteOption();

    @Parameters(paramLabel = "GROUP", description = "The protection group.")
    private String group = "";

    @Option(
            names = "--to",
            paramLabel = "SITE",
            description = "The site that takes over; must be the one that is asked.")
    private @Nullable String to;

    @Option(
            names = "--at",
            paramLabel = "POINT",
            description =
                    "Go back to a point of the past: a position, the name of a mark, or a time as 2026-11-24T10:00:00Z.")
    private @Nullable String at;

    @Option(names = "--yes", description = "Do it: the other site does not run the group.")
    private boolean yes;

    @Option(names = "--accept-loss", description = "Also with a replica that is known to be an old one.")
    private boolean acceptLoss;

    @ArgGroup(exclusive = false)
    private FailoverTestOptions test = new FailoverTestOptions();

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (test.asked()) {
            requireNothingMeant();
            return test.run(
                    site.client(),
                    new GroupName(group),
                    Optional.ofNullable(at).map(FailoverCommand::point),
                    json,
                    spec);
        }
        ApiRequest request = new ApiRequest.FailOver(
                new GroupName(group),
                Optional.ofNullable(to).map(SiteName::new),
                Optional.ofNullable(at).map(FailoverCommand::point),
                yes,
                acceptLoss);
        if (!(site.client().ask(request) instanceof ApiReply.FailedOver(FailoverReport report))) {
            return ExitCode.SOFTWARE;
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.line(report));
        } else {
            FailoverText.print(report, out);
        }
        out.flush();
        return !yes ? ExitCode.USAGE : report.outcome() == Outcome.FAILED_OVER ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void requireNothingMeant() {
        if (yes || acceptLoss || to != null) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "a test takes nothing over: leave --yes, --accept-loss and --to out");
        }
    }

    private static PointWish point(String word) {
        return word.contains(":") ? PointWish.at(PointArguments.time(word)) : PointWish.parse(word);
    }
}
