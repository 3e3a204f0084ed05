package io.godwit.cli;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.CheckpointWish;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.json.Json;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "checkpoints",
        mixinStandardHelpOptions = true,
        description =
                "Says how the memory of a group's machines, which run at this site, is protected, at both sites. What is left out stays as it is; with no"
                        + " option it is only shown what is in force.",
        footer = {
            "",
            "'godwit checkpoint GROUP' takes one now; docs/checkpoints.md says what they cost and what they are worth.",
            "Exit codes: 0 both sites do so; 1 the peer could not be asked; 2 refused."
        })
final class GroupCheckpointsCommand implements Callable<Integer> {
    @Mixin
    private SiteOption site = new SiteOption();

    @Parameters(index = "0", paramLabel = "GROUP", description = "The protection group.")
    private String group = "";

    @ArgGroup
    private When when = new When();

    /** How often, in one way. */
    private static final class When {
        @Option(names = "--every", paramLabel = "SECONDS", description = "Take one every so often, 1 to 86400.")
        private @Nullable Integer every;

        @Option(names = "--when-asked", description = "Take one only when somebody asks.")
        private boolean whenAsked;

        @Option(names = "--off", description = "Take none any more; what the other site kept is dropped.")
        private boolean off;
    }

    @Option(
            names = "--standby",
            paramLabel = "warm|cold",
            description =
                    "Where the last one is at the other site: in memory, with a QEMU that waits for each machine, or in files.")
    private @Nullable String standby;

    @Option(
            names = "--resume-within",
            paramLabel = "SECONDS",
            description =
                    "If this site is lost, go on from the last one unless that gives up the writes of a longer time; else boot from the newer disks.")
    private @Nullable Integer resumeWithin;

    @Option(names = "--json", description = "Print what is in force as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        ApiReply reply = site.client()
                .ask(new ApiRequest.SetCheckpoints(
                        new GroupName(group), every(), standby(), Optional.ofNullable(resumeWithin)));
        if (reply instanceof ApiReply.CheckpointsSet(CheckpointWish wish)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(json ? Json.line(wish) : sentence(wish));
            out.flush();
        }
        return 0;
    }

    private Optional<Integer> every() {
        if (when.every != null && when.every < 1) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "--every %d: at least 1, or --when-asked".formatted(when.every));
        }
        return when.whenAsked ? Optional.of(0) : Optional.ofNullable(when.every);
    }

    private Optional<CheckpointWish.Standby> standby() {
        if (when.off) {
            if (standby != null || resumeWithin != null) {
                throw new GodwitException(
                        ErrorCode.BAD_INPUT,
                        "--off takes no checkpoints any more: --standby and --resume-within say how to");
            }
            return Optional.of(CheckpointWish.Standby.NONE);
        }
        return switch (standby) {
            case null -> Optional.empty();
            case "warm" -> Optional.of(CheckpointWish.Standby.WARM);
            case "cold" -> Optional.of(CheckpointWish.Standby.COLD);
            default ->
                throw new GodwitException(
                        ErrorCode.BAD_INPUT,
                        "--standby %s: warm or cold; --off takes none any more".formatted(standby));
        };
    }

    private String sentence(CheckpointWish wish) {
        if (wish.effectiveStandby() == CheckpointWish.Standby.NONE) {
            return "the memory of the machines of group %s is not protected".formatted(group);
        }
        return "a checkpoint of the memory of group %s is taken %s; the other site keeps it %s"
                .formatted(
                        group,
                        wish.everySeconds().map("every %d s"::formatted).orElse("when somebody asks"),
                        wish.effectiveStandby() == CheckpointWish.Standby.WARM
                                ? "in memory, where QEMUs wait"
                                : "in files");
    }
}
