package io.godwit.cli;

import io.godwit.api.ApiRequest;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Takes over what `group export` made at the other site, as what this site's replica of the group begins with. Only what",
            "differs by then is sent. The group may be known here already, if its replica is not complete, or become known later."
        },
        footer = {
            "",
            "The copy stays as it is. Every disk is compared with its digest before anything is changed.",
            "docs/carried-copy.md tells the whole way.",
            "Exit codes: 0 imported; 1 not finished; 2 refused, and nothing was changed."
        })
final class GroupImportCommand implements Callable<Integer> {
    @Mixin
    private SiteOption site = new SiteOption();

    @Parameters(paramLabel = "DIR", description = "Where the copy is, at the site.")
    private Path directory = Path.of("");

    @Option(names = "--json", description = "Print progress and report as lines of JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        ApiRequest request =
                new ApiRequest.ImportGroup(directory.toAbsolutePath().toString());
        new CopyText(spec.commandLine().getOut(), json).follow(site.client(), request, "imported from");
        return 0;
    }
}
