package io.godwit.cli;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.GroupDefinition;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
        if (site.client().ask(new ApiRequest.CreateGroup(read(file))) instanceof ApiReply.Done(String sentence)) {
            say(sentence);
        }
        return 0;
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Prints a group's definition as it is in force, JSON.",
            footer = {"", "Edited, it is what 'godwit group change' takes."})
    int show(
            @Mixin SiteOption site,
            @Parameters(paramLabel = "GROUP", description = "The protection group.") String group) {
        ApiReply reply = site.client().ask(new ApiRequest.ShowDefinition(new GroupName(group)));
        if (reply instanceof ApiReply.Definition(GroupDefinition definition)) {
            say(Json.pretty(definition));
        }
        return 0;
    }

    @Command(
            name = "change",
            mixinStandardHelpOptions = true,
            description = {
                "Changes the definition of a group that runs at this site, at both sites, without stopping anything: its priority, failover and",
                "whenAlone, and its machines' service, essential, hooks, after and readyPort. Anything else that is different is refused."
            },
            footer = {
                "",
                "'godwit group show GROUP' prints what is in force. History, checkpoints and objective have commands of their own.",
                "Exit codes: 0 both sites keep it so; 1 the peer could not be asked; 2 refused."
            })
    int change(
            @Mixin SiteOption site,
            @Parameters(paramLabel = "FILE", description = "The whole definition, JSON, as it is to be.") Path file,
            @Option(names = "--json", description = "Print the answer as JSON.") boolean json) {
        if (site.client().ask(new ApiRequest.ChangeDefinition(read(file))) instanceof ApiReply.Done done) {
            say(json ? Json.line(done) : done.sentence());
        }
        return 0;
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
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
