package io.godwit.cli;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.DrainProgress;
import io.godwit.api.DrainReport;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import io.godwit.core.json.Json;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        description = {
            "Has every group that runs at this site leave it, for when there is a warning: those of the highest priority first, live,",
            "as long as there is time; the rest is made synchronous, so that the site's loss loses nothing acknowledged.",
            "Without --yes, only what would make it is said."
        },
        footer = {
            "",
            "Ctrl-C ends the watching, not the drain; the same command watches it again, and --stop has it begin nothing more.",
            "What it leaves here is moved when it is drained again. docs/drain.md says how times are estimated.",
            "Exit codes: 0 every group has left; 1 some are still here; 2 refused, or not confirmed, and nothing was changed."
        })
final class DrainCommand implements Callable<Integer> {
    @Mixin
    private SiteOption site = new SiteOption();

    @Parameters(paramLabel = "SITE", description = "The site; must be the one that is asked.")
    private String name = "";

    @Option(
            names = "--within",
            paramLabel = "SPAN",
            description = "How long there is: 90s, 10m, 2h. Without it there is no deadline.")
    private @Nullable String within;

    @Option(
            names = "--patience",
            paramLabel = "SPAN",
            description = "Take a move back that is not decided after so long, and go on with the next group.")
    private @Nullable String patience;

    @Option(names = "--yes", description = "Do it.")
    private boolean yes;

    @Option(names = "--stop", description = "Have the drain under way begin nothing more.")
    private boolean stop;

    @Option(names = "--json", description = "Print progress and report as lines of JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private @Nullable DrainReport report;

    @Override
    public Integer call() {
        if (stop) {
            return stop();
        }
        PrintWriter out = spec.commandLine().getOut();
        ApiRequest request = new ApiRequest.Drain(new SiteName(name), seconds(within), seconds(patience), yes);
        site.client().stream(request, reply -> {
            if (reply instanceof ApiReply.Draining(DrainProgress progress)) {
                out.println(json ? Json.line(progress) : DrainText.line(progress));
            } else if (reply instanceof ApiReply.Drained(DrainReport ended)) {
                report = ended;
                if (json) {
                    out.println(Json.line(ended));
                } else {
                    DrainText.print(ended, out);
                }
            }
            out.flush();
        });
        return isEmpty() ? ExitCode.OK : yes ? ExitCode.SOFTWARE : ExitCode.USAGE;
    }

    private boolean isEmpty() {
        DrainReport said = report;
        return said != null && (said.outcome() == DrainReport.Outcome.DRAINED || DrainText.isNothingToDo(said));
    }

    private int stop() {
        if (yes || within != null || patience != null) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "--stop goes with no other option but --json");
        }
        if (site.client().ask(new ApiRequest.StopDrain(new SiteName(name))) instanceof ApiReply.Done done) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(json ? Json.line(done) : done.sentence());
            out.flush();
        }
        return ExitCode.OK;
    }

    private static Optional<Integer> seconds(@Nullable String span) {
        return Optional.ofNullable(span).map(text -> {
            long seconds = PointArguments.span(text).toSeconds();
            if (seconds > Integer.MAX_VALUE) {
                throw new GodwitException(
                        ErrorCode.BAD_INPUT, "%s is too long: a drain is planned for a week at most".formatted(text));
            }
            return (int) seconds;
        });
    }
}
