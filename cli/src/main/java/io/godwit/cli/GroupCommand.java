package io.godwit.cli;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.GroupDefinition;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "group",
        mixinStandardHelpOptions = true,
        description = "Protects groups of virtual machines.",
        subcommands = {
            GroupModeCommand.class,
            GroupHistoryCommand.class,
            GroupCheckpointsCommand.class,
            GroupMechanismCommand.class,
            GroupRewindCommand.class,
            GroupSeedingCommand.class,
            GroupSetAsideCommand.class,
            GroupExportCommand.class,
            GroupImportCommand.class,
            GroupRemoveCommand.class
        })
final class GroupCommand {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description =
                    "Takes a group under protection at this site, starts its machines and replicates them to the peer.")
    int create(
            @Mixin SiteOption site,
            @Parameters(paramLabel = "FILE", description = "The group's definition, JSON; docs/site.md describes it.")
                    Path file) {
        ApiReply reply = site.client().ask(new ApiRequest.CreateGroup(read(file)));
        if (reply instanceof ApiReply.Done(String sentence)) {
            spec.commandLine().getOut().println(sentence);
            spec.commandLine().getOut().flush();
        }
        return 0;
    }

    private static GroupDefinition read(Path file) {
        try {
            return Json.read(Files.readString(file), GroupDefinition.class, file.toString());
        } catch (NoSuchFileException absent) {
            throw new GodwitException(ErrorCode.NOT_FOUND, "there is no group definition at " + file, absent);
        } catch (IOException unreadable) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "%s cannot be read: %s".formatted(file, unreadable.getMessage()), unreadable);
        }
    }
}
