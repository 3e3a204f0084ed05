package io.godwit.cli;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.RemovalReport;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.VmName;
import io.godwit.core.json.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "remove",
        mixinStandardHelpOptions = true,
        description = {
            "Takes a group out of protection, at the site where it runs: its copy at the other site is deleted, its machines",
            "shut down, everything that they wrote is brought into the disks' images, log and history are deleted."
        },
        footer = {
            "",
            "At a site that only has a copy: drops that copy, if the owner has no such group any more. With --here this site",
            "forgets the group whatever the other one says; what may be all that is left is put aside, not deleted.",
            "Exit codes: 0 removed; 1 it was tried without success; 2 refused, or not confirmed, and nothing was changed."
        })
final class GroupRemoveCommand implements Callable<Integer> {
    private static final String DEFAULT_PATIENCE = "30";

    @Mixin
    private SiteOption site = new SiteOption();

    @Parameters(index = "0", paramLabel = "GROUP", description = "The protection group.")
    private String group = "";

    @Option(names = "--yes", description = "Do it; without this, only what it would mean is shown.")
    private boolean yes;

    @Option(
            names = "--here",
            description =
                    "Only at this site: the other one is not told, or not asked; for when it is away or has another opinion.")
    private boolean here;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = DEFAULT_PATIENCE,
            description = "How long machines may take to shut down before their power is cut; ${DEFAULT-VALUE}.")
    private int patience;

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        ApiReply reply = site.client().ask(new ApiRequest.RemoveGroup(new GroupName(group), yes, here, patience));
        if (reply instanceof ApiReply.Removed(RemovalReport report)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(json ? Json.line(report) : text(report));
            out.flush();
        }
        return yes ? ExitCode.OK : ExitCode.USAGE;
    }

    private static String text(RemovalReport report) {
        return report.removed() ? done(report) : proposal(report);
    }

    private static String done(RemovalReport report) {
        String cut = report.cut().isEmpty()
                ? ""
                : "%nthe power of %s was cut: shutting down took too long".formatted(names(report.cut()));
        return "group %s is no longer protected%s%s%s"
                .formatted(
                        report.group(),
                        report.copyAt().map(GroupRemoveCommand::copyGone).orElse(""),
                        cut,
                        whereabouts(report));
    }

    private static String proposal(RemovalReport report) {
        String machines =
                report.machines().isEmpty() ? "" : "%nmachines that end: %s".formatted(names(report.machines()));
        String copy =
                report.copyAt().map("%nits copy at %s is deleted"::formatted).orElse("");
        return "group %s would no longer be protected%s%s%s%nadd --yes to do it"
                .formatted(report.group(), machines, copy, whereabouts(report));
    }

    private static String copyGone(SiteName peer) {
        return "; its copy at %s is deleted".formatted(peer);
    }

    private static String names(List<VmName> machines) {
        return machines.stream().map(VmName::toString).collect(Collectors.joining(", "));
    }

    private static String whereabouts(RemovalReport report) {
        String disks = report.disks().stream()
                .map(disk -> "%ndisk %s is in %s".formatted(disk.name(), disk.at()))
                .collect(Collectors.joining());
        boolean asItIs = report.disks().isEmpty() && report.setAside().isPresent();
        return asItIs
                ? "%neverything of it at this site is in %s: delete that when you are sure"
                        .formatted(report.setAside().get())
                : disks;
    }
}
