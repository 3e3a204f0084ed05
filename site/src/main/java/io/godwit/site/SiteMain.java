package io.godwit.site;

import io.godwit.core.cli.Sentences;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The site daemon's command line. */
@Command(
        name = "site",
        mixinStandardHelpOptions = true,
        description = "Runs a site: its groups' disks, machines and edge, and the link to its peers.",
        subcommands = {SiteRun.class})
public final class SiteMain {
    private SiteMain() {}

    public static void main(String[] args) {
        System.exit(Sentences.on(new CommandLine(new Words()).addSubcommand("site", new SiteMain()))
                .execute(args));
    }

    @Command(name = "godwit", description = "Moves running services from one data centre to another.")
    private static final class Words {}
}
