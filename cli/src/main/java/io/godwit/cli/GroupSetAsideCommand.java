package io.godwit.cli;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.SetAsideReport;
import io.godwit.core.GroupName;
import io.godwit.core.json.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "set-aside",
        mixinStandardHelpOptions = true,
        description = {
            "Shows, exports or drops writes that this site accepted and that never reached the other one, which then took",
            "the group over without them. They are kept here until they are dropped."
        })
final class GroupSetAsideCommand {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Shows what is kept.")
    int list(
            @Mixin SiteOption site,
            @Parameters(paramLabel = "GROUP", description = "The protection group.") String group,
            @Option(names = "--json", description = "Print the API's answer as JSON.") boolean json) {
        if (site.client().ask(new ApiRequest.ListSetAside(new GroupName(group)))
                instanceof ApiReply.SetAside(SetAsideReport report)) {
            if (json) {
                say(Json.pretty(report));
            } else if (report.entries().isEmpty()) {
                say("nothing of group %s was set aside here".formatted(report.group()));
            } else {
                report.entries().forEach(entry -> say(sentence(entry)));
            }
        }
        return 0;
    }

    private static String sentence(SetAsideReport.Entry entry) {
        return "%s  %s  %d changes of %s, from %s to %s%s"
                .formatted(
                        entry.id(),
                        Instant.ofEpochSecond(entry.at()),
                        entry.changes(),
                        entry.changedBytes(),
                        entry.from(),
                        entry.to(),
                        entry.whole() ? "" : "; what came before was no longer in the log");
    }

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = "Copies it to a file at the site, as a segment of a log (docs/log-format.md).")
    int export(
            @Mixin SiteOption site,
            @Parameters(paramLabel = "GROUP", description = "The protection group.") String group,
            @Parameters(paramLabel = "ID", description = "As the list shows it.") String id,
            @Parameters(paramLabel = "FILE", description = "It must not exist yet.") Path file,
            @Option(names = "--json", description = "Print the API's answer as JSON.") boolean json) {
        return done(
                site,
                new ApiRequest.ExportSetAside(
                        new GroupName(group), id, file.toAbsolutePath().toString()),
                json);
    }

    @Command(name = "drop", mixinStandardHelpOptions = true, description = "Deletes it for good.")
    int drop(
            @Mixin SiteOption site,
            @Parameters(paramLabel = "GROUP", description = "The protection group.") String group,
            @Parameters(paramLabel = "ID", description = "As the list shows it.") String id,
            @Option(names = "--json", description = "Print the API's answer as JSON.") boolean json) {
        return done(site, new ApiRequest.DropSetAside(new GroupName(group), id), json);
    }

    private int done(SiteOption site, ApiRequest request, boolean json) {
        if (site.client().ask(request) instanceof ApiReply.Done done) {
            say(json ? Json.line(done) : done.sentence());
        }
        return 0;
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
