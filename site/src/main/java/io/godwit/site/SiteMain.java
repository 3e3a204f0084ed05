package io.godwit.site;

import io.godwit.core.GodwitException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The site daemon's command line. */
@Command(
        name = "site",
        mixinStandardHelpOptions = true,
        description = "Runs a site: its groups' disks, machines and edge, and the link to its peers.",
        subcommands = {SiteRun.class})
public final class SiteMain {
    private static final int REFUSED = 2;

    private SiteMain() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Words())
                .addSubcommand("site", new SiteMain())
                .setExecutionExceptionHandler((failure, command, words) -> {
                    if (failure instanceof GodwitException refused) {
                        command.getErr().println("godwit: " + refused.sentence());
                        return REFUSED;
                    }
                    throw failure;
                })
                .setParameterExceptionHandler((wrong, words) -> {
                    wrong.getCommandLine()
                            .getErr()
                            .println("godwit: %s (`%s --help` explains)"
                                    .formatted(
                                            wrong.getMessage(),
                                            wrong.getCommandLine()
                                                    .getCommandSpec()
                                                    .qualifiedName()));
                    return REFUSED;
                })
                .execute(args));
    }

    @Command(name = "godwit", description = "Moves running services from one data centre to another.")
    private static final class Words {}
}
