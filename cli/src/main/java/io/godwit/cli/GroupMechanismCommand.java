package io.godwit.cli;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.CheckpointWish;
import io.godwit.api.MechanismReport;
import io.godwit.api.ObjectiveWish;
import io.godwit.api.ReplicationMode;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.json.Json;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "mechanism",
        mixinStandardHelpOptions = true,
        description =
                "Says how a group that runs at this site is best protected: the cheapest mechanism that keeps what is asked for, from what was measured,"
                        + " and what it achieves. With --yes it is protected like that from now on.",
        footer = {
            "",
            "Exit codes: 0 it is protected like that; 1 it was tried without success; 2 nothing was changed (without --yes, always)."
        })
final class GroupMechanismCommand implements Callable<Integer> {
    @Mixin
    private SiteOption site = new SiteOption();

    @Parameters(index = "0", paramLabel = "GROUP", description = "The protection group.")
    private String group = "";

    @Option(
            names = "--rpo",
            converter = SecondsConverter.class,
            required = true,
            paramLabel = "SECONDS",
            description = "Writes acknowledged no longer before the loss of the site may be lost; 0 for none.")
    private long rpoMillis;

    @Option(
            names = "--rto",
            converter = SecondsConverter.class,
            required = true,
            paramLabel = "SECONDS",
            description = "The service may be away for so long.")
    private long rtoMillis;

    @Option(
            names = "--overhead",
            paramLabel = "PERCENT",
            description = "So much of its machines' time may be taken from them (default ${DEFAULT-VALUE}).")
    private double overhead = 5;

    @Option(
            names = "--boot",
            converter = SecondsConverter.class,
            defaultValue = "60",
            paramLabel = "SECONDS",
            description = "How long its machines take from their start until they serve (default ${DEFAULT-VALUE}).")
    private long bootMillis;

    @Option(names = "--yes", description = "Protect it like that.")
    private boolean confirmed;

    @Option(
            names = "--follow",
            description =
                    "With --yes: when it doesn't keep what is asked for any more, another one takes its place by itself, whoever owns the group. It ends"
                            + " when somebody says how the group is protected.")
    private boolean followed;

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (followed && !confirmed) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "--follow goes with --yes: nothing is followed that isn't in force");
        }
        ObjectiveWish objective = new ObjectiveWish(rpoMillis, rtoMillis, overhead, bootMillis);
        ApiReply reply =
                site.client().ask(new ApiRequest.ChooseMechanism(new GroupName(group), objective, confirmed, followed));
        if (reply instanceof ApiReply.MechanismChosen(MechanismReport report)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(json ? Json.line(report) : text(report));
            out.flush();
            return report.applied() ? 0 : 2;
        }
        return 1;
    }

    private static String text(MechanismReport report) {
        StringBuilder text = new StringBuilder();
        text.append(
                report.applied()
                        ? "group %s is protected like this:%n".formatted(report.group())
                        : "group %s is best protected like this (--yes does it):%n".formatted(report.group()));
        text.append("  disks     %s%n".formatted(ReplicationMode.word(report.mode())));
        text.append("  memory    %s%n"
                .formatted(report.checkpoints()
                        .map(GroupMechanismCommand::memory)
                        .orElse("not protected: machines are booted")));
        text.append(String.format(
                Locale.ROOT,
                "  achieves  RPO %.1f s, RTO %.1f s, overhead %.1f %%%n",
                report.rpoMillis() / 1000.0,
                report.rtoMillis() / 1000.0,
                report.overheadPercent()));
        report.missed().forEach(sentence -> text.append("  MISSED    %s%n".formatted(sentence)));
        report.knownFrom().forEach(sentence -> text.append("  known     %s%n".formatted(sentence)));
        return text.toString().stripTrailing();
    }

    private static String memory(CheckpointWish wish) {
        return "a checkpoint every %d s, %s"
                .formatted(
                        wish.everySeconds().orElse(0),
                        wish.effectiveStandby() == CheckpointWish.Standby.WARM
                                ? "warm: machines wait with it"
                                : "cold: in files");
    }
}
