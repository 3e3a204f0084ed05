package io.godwit.cli;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.CheckpointReport;
import io.godwit.core.GroupName;
import io.godwit.core.json.Json;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "checkpoint",
        mixinStandardHelpOptions = true,
        description =
                "Takes a checkpoint of the memory of a group's machines, which run at this site: they stand still for a moment,"
                        + " and go on from there at the other site if this one is lost. The group's definition must have"
                        + " \"checkpoints\"; with \"everySeconds\" they are taken by themselves as well.",
        footer = {
            "",
            "Exit codes: 0 the other site has the checkpoint; 1 it was tried without success, and the last one is as it was; 2 refused."
        })
final class CheckpointCommand implements Callable<Integer> {
    @Mixin
    private SiteOption site = new SiteOption();

    @Parameters(index = "0", paramLabel = "GROUP", description = "The protection group.")
    private String group = "";

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        ApiReply reply = site.client().ask(new ApiRequest.TakeCheckpoint(new GroupName(group)));
        if (reply instanceof ApiReply.CheckpointTaken(CheckpointReport report)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(json ? Json.line(report) : sentence(report));
            out.flush();
        }
        return 0;
    }

    private String sentence(CheckpointReport report) {
        return "the memory of group %s at %s is at the other site: its machines stood still for %.1f ms, %d pages went over in %s, it took %d ms"
                .formatted(
                        group,
                        report.position(),
                        report.pauseMicros() / 1000.0,
                        report.pages(),
                        report.wanBytes(),
                        report.tookMillis());
    }
}
