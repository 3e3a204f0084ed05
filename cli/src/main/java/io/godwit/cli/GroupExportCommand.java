package io.godwit.cli;

import io.godwit.api.ApiRequest;
import io.godwit.core.BitRate;
import io.godwit.core.GroupName;
import java.nio.file.Path;
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
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Copies the disks of a group that runs at this site to files, as they are at one moment, while its machines run:",
            "to be carried to the other site instead of being sent there."
        },
        footer = {
            "",
            "Ctrl-C gives it up and removes what was copied; so does running it again after the site was stopped in the middle.",
            "docs/carried-copy.md tells the whole way.",
            "Exit codes: 0 exported; 1 not finished, the directory is empty again; 2 refused, and nothing was changed."
        })
final class GroupExportCommand implements Callable<Integer> {
    @Mixin
    private SiteOption site = new SiteOption();

    @Parameters(index = "0", paramLabel = "GROUP", description = "The protection group.")
    private String group = "";

    @Parameters(
            index = "1",
            paramLabel = "DIR",
            description = "Where to, at the site: an empty directory with room for all, or one that isn't there yet.")
    private Path directory = Path.of("");

    @Option(
            names = "--max-rate",
            paramLabel = "RATE",
            description = "Copy at most so much, such as 800mbit, to spare the disks that machines use.")
    private @Nullable String maxRate;

    @Option(names = "--json", description = "Print progress and report as lines of JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        ApiRequest request = new ApiRequest.ExportGroup(
                new GroupName(group),
                directory.toAbsolutePath().toString(),
                Optional.ofNullable(maxRate).map(BitRate::parse));
        new CopyText(spec.commandLine().getOut(), json).follow(site.client(), request, "exported to");
        return 0;
    }
}
