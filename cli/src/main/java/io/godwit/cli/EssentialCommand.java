package io.godwit.cli;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.EssentialReport;
import io.godwit.core.GroupName;
import io.godwit.core.VmName;
import io.godwit.core.json.Json;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "essential",
        mixinStandardHelpOptions = true,
        description =
                "Keeps what machines can't do without when they have lost their memory: the \"essential\" state of their definition,"
                        + " which is saved by itself, and given back to them when they were booted. 'godwit status GROUP' shows it.")
final class EssentialCommand {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "save",
            mixinStandardHelpOptions = true,
            description =
                    "Saves the state of all machines of a group, which run at this site, now. When it returns, it is as safe as the group's"
                            + " mode promises.",
            footer = {
                "",
                "Exit codes: 0 it is saved; 1 a machine's command failed, and what was saved last is as it was; 2 refused."
            })
    int save(
            @Mixin SiteOption site,
            @Parameters(paramLabel = "GROUP", description = "The protection group.") String group,
            @Option(names = "--json", description = "Print the reports as JSON.") boolean json) {
        ApiReply reply = site.client().ask(new ApiRequest.SaveEssential(new GroupName(group)));
        if (reply instanceof ApiReply.EssentialSaved(List<EssentialReport> reports)) {
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(Json.line(reports));
            } else {
                reports.forEach(report -> out.println(sentence(report)));
            }
            out.flush();
        }
        return 0;
    }

    private static String sentence(EssentialReport report) {
        return "machine %s: %s, %s"
                .formatted(
                        report.machine(), report.size(), report.changed() ? "saved" : "the same as was saved before");
    }

    @Command(
            name = "skip",
            mixinStandardHelpOptions = true,
            description =
                    "Has a machine that was booted, and can't take its state back, do without it. What it has from now on is saved; the state that"
                            + " it does without stays in the group's history.",
            footer = {"", "Exit codes: 0 done; 2 refused."})
    int skip(
            @Mixin SiteOption site,
            @Parameters(paramLabel = "GROUP", description = "The protection group.") String group,
            @Option(
                            names = "--machine",
                            required = true,
                            paramLabel = "MACHINE",
                            description = "The machine that does without.")
                    String machine) {
        ApiReply reply = site.client().ask(new ApiRequest.SkipEssential(new GroupName(group), new VmName(machine)));
        if (reply instanceof ApiReply.Done(String sentence)) {
            spec.commandLine().getOut().println(sentence);
            spec.commandLine().getOut().flush();
        }
        return 0;
    }
}
