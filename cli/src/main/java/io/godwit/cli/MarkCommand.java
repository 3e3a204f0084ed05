package io.godwit.cli;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.MarkReport;
import io.godwit.core.GroupName;
import io.godwit.core.MarkName;
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
        name = "mark",
        mixinStandardHelpOptions = true,
        description =
                "Gives the present state of a group that runs at this site a name, by which both sites can open it.",
        footer = {"", "Exit codes: 0 the mark is in the log; 1 it was tried without success; 2 refused."})
final class MarkCommand implements Callable<Integer> {
    @Mixin
    private SiteOption site = new SiteOption();

    @Parameters(index = "0", paramLabel = "GROUP", description = "The protection group.")
    private String group = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "NAME",
            description = "The mark's name; without it, one is made from the time.")
    private @Nullable String name;

    @Option(
            names = "--consistent",
            description =
                    "Freeze the machines' file systems for it, by the guest agents in them, with the hooks of their"
                            + " definition.")
    private boolean consistent;

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Optional<MarkName> wished = Optional.ofNullable(name).map(MarkName::new);
        ApiReply reply = site.client().ask(new ApiRequest.Mark(new GroupName(group), wished, consistent));
        if (reply instanceof ApiReply.Marked(MarkReport report)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(json ? Json.line(report) : sentence(report));
            out.flush();
        }
        return 0;
    }

    private static String sentence(MarkReport report) {
        StringBuilder text = new StringBuilder("mark %s is at %s of group %s (%s-consistent)"
                .formatted(
                        report.mark().name(),
                        report.mark().position(),
                        report.group(),
                        report.mark().kind()));
        report.frozen()
                .forEach(frozen -> text.append("%n  %s: %d file systems stood still for %d ms"
                        .formatted(frozen.vm(), frozen.fileSystems(), frozen.millis())));
        return text.toString();
    }
}
