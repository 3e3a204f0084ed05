package io.godwit.cli;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.PointsReport;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
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
        name = "points",
        mixinStandardHelpOptions = true,
        description = "Shows which points of a group's past can be opened at this site, and those that are open.",
        footer = {"", "docs/points.md says how long the past is kept and what a point is good for."})
final class PointsCommand implements Callable<Integer> {
    @Mixin
    private SiteOption site = new SiteOption();

    @Parameters(index = "0", arity = "0..1", paramLabel = "GROUP", description = "The protection group.")
    private @Nullable String group;

    @Option(names = "--json", description = "Print the API's answer as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (group == null) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "whose points? Name a group");
        }
        ApiReply reply = site.client().ask(new ApiRequest.ListPoints(new GroupName(group)));
        if (reply instanceof ApiReply.Points(PointsReport points)) {
            if (json) {
                say(Json.pretty(points));
            } else {
                PointsText.print(points, this::say);
            }
        }
        return 0;
    }

    @Command(
            name = "open",
            mixinStandardHelpOptions = true,
            description = "Offers the disks as they were at a point to NBD clients, without copying them.")
    int open(
            @Mixin SiteOption at,
            @Mixin PointArguments point,
            @Option(
                            names = "--writable",
                            description = "Let clients write; what they write is dropped when the point is closed.")
                    boolean writable,
            @Option(names = "--disk", paramLabel = "DISK", description = "Only this disk; may be given several times.")
                    @Nullable
                    List<String> disks,
            @Option(names = "--json", description = "Print the API's answer as JSON.") boolean asJson) {
        List<DiskName> wanted =
                disks == null ? List.of() : disks.stream().map(DiskName::new).toList();
        ApiReply reply = at.client().ask(new ApiRequest.OpenPoint(point.group(), point.wish(), writable, wanted));
        if (reply instanceof ApiReply.PointOpened(PointsReport.OpenPoint opened)) {
            if (asJson) {
                say(Json.pretty(opened));
            } else {
                PointsText.print(opened, this::say);
            }
        }
        return 0;
    }

    @Command(
            name = "close",
            mixinStandardHelpOptions = true,
            description = "Ends an open point, its clients' connections, and what was written over it.")
    int close(
            @Mixin SiteOption at,
            @Parameters(index = "0", paramLabel = "GROUP", description = "The protection group.") String name,
            @Parameters(index = "1", paramLabel = "ID", description = "Of the open point, as p1.") String id) {
        ApiReply reply = at.client().ask(new ApiRequest.ClosePoint(new GroupName(name), id));
        if (reply instanceof ApiReply.Done(String sentence)) {
            say(sentence);
        }
        return 0;
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
