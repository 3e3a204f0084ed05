package io.godwit.cli;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.MoveFollower;
import io.godwit.api.MoveOptions;
import io.godwit.api.MoveProgress;
import io.godwit.api.MoveReport;
import io.godwit.core.ByteCount;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.json.Json;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = "Moves a group that runs at this site to another one, live.",
        footer = {
            "",
            "Ctrl-C ends the watching, not the move; --cancel takes a move back that is not committed yet.",
            "Exit codes: 0 migrated; 1 the group stayed where it was; 2 refused, and nothing was changed."
        })
final class MigrateCommand implements Callable<Integer> {
    @Mixin
    private SiteOption site = new SiteOption();

    @Parameters(paramLabel = "GROUP", description = "The protection group.")
    private String group = "";

    @Option(names = "--to", paramLabel = "SITE", description = "Where to; required but for --cancel.")
    private @Nullable String to;

    @Option(names = "--cancel", description = "Take back the move under way.")
    private boolean cancel;

    @Option(names = "--no-compare", description = "Don't compare both sides' memory and disks at the switch.")
    private boolean withoutComparison;

    @Option(
            names = "--drop-scratch",
            description = "Move although scratch disks hold something. It is gone at the other site while the machines "
                    + "run on: only if they don't use it (no swap, no mounted file system).")
    private boolean dropScratch;

    @Option(
            names = "--linger",
            paramLabel = "PHASE",
            description = "For rehearsals: stay in a phase (drain, synchronous, precopy, final, committed) a while.")
    private @Nullable String linger;

    @Option(names = "--json", description = "Print progress and report as lines of JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        GroupName name = new GroupName(group);
        if (cancel) {
            return cancel(name);
        }
        if (to == null) {
            throw new picocli.CommandLine.ParameterException(
                    spec.commandLine(), "say where to: godwit migrate %s --to SITE".formatted(group));
        }
        PrintWriter out = spec.commandLine().getOut();
        MoveReport report = new MoveFollower(site.client())
                .migrate(
                        name,
                        new SiteName(to),
                        new MoveOptions(!withoutComparison, Optional.ofNullable(linger), Optional.of(dropScratch)),
                        progress -> show(progress, out));
        print(report, out);
        return report.outcome() == MoveReport.Outcome.MIGRATED ? 0 : 1;
    }

    private int cancel(GroupName name) {
        if (site.client().ask(new ApiRequest.CancelMove(name)) instanceof ApiReply.Done done) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(json ? Json.line(done) : done.sentence());
            out.flush();
        }
        return 0;
    }

    private void show(MoveProgress progress, PrintWriter out) {
        out.println(json ? Json.line(progress) : sentence(progress));
        out.flush();
    }

    private static String sentence(MoveProgress progress) {
        String left = progress.millisLeft().isPresent()
                ? ", about %.1f s left".formatted(progress.millisLeft().getAsLong() / 1000.0)
                : "";
        return "%6.1f s  %-12s round %2d  %10s  %10s/s%s"
                .formatted(
                        progress.atMillis() / 1000.0,
                        progress.phase(),
                        progress.round(),
                        new ByteCount(progress.wanBytes()),
                        new ByteCount(progress.bytesPerSecond()),
                        left);
    }

    private void print(MoveReport report, PrintWriter out) {
        if (json) {
            out.println(Json.line(report));
        } else if (report.outcome() == MoveReport.Outcome.MIGRATED) {
            out.println("%s now runs at %s; it was paused for %d ms"
                    .formatted(report.group(), report.serving(), report.server().pauseMillis()));
        } else {
            out.println("%s stays at %s: %s"
                    .formatted(report.group(), report.serving(), report.reason().orElse("unknown")));
        }
        out.flush();
    }
}
