package io.godwit.cli;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.HistoryBounds;
import io.godwit.core.ByteCount;
import io.godwit.core.GroupName;
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
        name = "history",
        mixinStandardHelpOptions = true,
        description =
                "Says how much of a group's past both of its sites keep. What is left out stays as it is; with no option it is only shown what is in force.",
        footer = {
            "",
            "The past is what the log still has; it makes way when the log needs its room (docs/points.md).",
            "Exit codes: 0 both sites keep so much; 1 the peer could not be asked; 2 refused."
        })
final class GroupHistoryCommand implements Callable<Integer> {
    @Mixin
    private SiteOption site = new SiteOption();

    @Parameters(index = "0", paramLabel = "GROUP", description = "The protection group.")
    private String group = "";

    @Option(names = "--max-bytes", paramLabel = "SIZE", description = "Bytes of the log, as 1GiB; 0 for no past.")
    private @Nullable String maxBytes;

    @Option(names = "--max-seconds", paramLabel = "SECONDS", description = "How long ago; 0 for no past.")
    private @Nullable Long maxSeconds;

    @Option(names = "--json", description = "Print the bounds as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        ApiReply reply = site.client()
                .ask(new ApiRequest.SetHistory(
                        new GroupName(group),
                        Optional.ofNullable(maxBytes).map(ByteCount::parse),
                        Optional.ofNullable(maxSeconds)));
        if (reply instanceof ApiReply.HistorySet(HistoryBounds bounds)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(
                    json
                            ? Json.line(bounds)
                            : "both sites keep %s or %d s of the past of %s, whichever is less"
                                    .formatted(bounds.maxBytes(), bounds.maxSeconds(), group));
            out.flush();
        }
        return 0;
    }
}
