package io.godwit.cli;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.ModeReport;
import io.godwit.api.ReplicationMode;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.json.Json;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "mode",
        mixinStandardHelpOptions = true,
        description = "Changes who waits for the replica of a group that runs at this site, while its machines run.",
        footer = {
            "",
            "What is left out stays as it is. docs/modes.md says what each mode promises and costs.",
            "Ctrl-C ends the command, not the change.",
            "Exit codes: 0 the mode is in force; 1 it could not be reached, everything is as it was; 2 refused."
        })
final class GroupModeCommand implements Callable<Integer> {
    private static final double MILLIS_PER_SECOND = 1000;

    @Mixin
    private SiteOption site = new SiteOption();

    @Parameters(index = "0", paramLabel = "GROUP", description = "The protection group.")
    private String group = "";

    @Parameters(
            index = "1",
            paramLabel = "MODE",
            description = {
                "async: nobody waits, within bounds;",
                "sync: flushes wait for the replica's disk;",
                "strict: every write waits for it;",
                "adaptive: whatever keeps --rpo at the least cost."
            })
    private String mode = "";

    @Option(names = "--max-bytes", paramLabel = "SIZE", description = "How far the replica may be behind, as 64MiB.")
    private @Nullable String maxBytes;

    @Option(names = "--max-seconds", paramLabel = "SECONDS", description = "The same in time.")
    private @Nullable Double maxSeconds;

    @Option(
            names = "--at-bound",
            paramLabel = "slow|alarm",
            description = "Beyond these: slow the writers down, or only raise an alarm.")
    private @Nullable String atBound;

    @Option(
            names = "--when-cut",
            paramLabel = "stall|degrade",
            description =
                    "While those who are to wait for the replica can't reach it: they wait on, or after 5 s they don't.")
    private @Nullable String whenCut;

    @Option(
            names = "--rpo",
            paramLabel = "SECONDS",
            description = "What adaptive keeps: how much may be lost, in time.")
    private @Nullable Double rpo;

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        AtomicReference<ModeReport> report = new AtomicReference<>();
        site.client().stream(new ApiRequest.SetMode(new GroupName(group), wish()), reply -> {
            if (reply instanceof ApiReply.ModeChanging changing
                    && !json
                    && changing.pendingBytes().bytes() > 0) {
                say("%s are to be drained first; that takes about %d ms"
                        .formatted(changing.pendingBytes(), changing.expectedMillis()));
            } else if (reply instanceof ApiReply.ModeSet(ModeReport ended)) {
                report.set(ended);
            }
        });
        ModeReport known = Optional.ofNullable(report.get())
                .orElseThrow(() -> new GodwitException(
                        ErrorCode.UNREACHABLE,
                        "the site went away before it said whether the mode was changed: 'godwit status %s' shows which is in force"
                                .formatted(group)));
        say(json ? Json.line(known) : sentence(known));
        return known.done() ? 0 : 1;
    }

    private ReplicationMode.Wish wish() {
        return new ReplicationMode.Wish(
                ReplicationMode.parse(ReplicationMode.Kind.class, mode, "mode"),
                Optional.ofNullable(maxBytes).map(ByteCount::parse),
                millis(maxSeconds),
                Optional.ofNullable(atBound)
                        .map(word -> ReplicationMode.parse(ReplicationMode.AtBound.class, word, "choice at the bound")),
                Optional.ofNullable(whenCut)
                        .map(word -> ReplicationMode.parse(ReplicationMode.WhenCut.class, word, "choice for a cut")),
                millis(rpo));
    }

    private static Optional<Long> millis(@Nullable Double seconds) {
        return Optional.ofNullable(seconds).map(value -> Math.round(value * MILLIS_PER_SECOND));
    }

    private static String sentence(ModeReport report) {
        String to = ReplicationMode.word(report.to());
        if (!report.done()) {
            return "%s stays %s: %s".formatted(report.group(), ReplicationMode.word(report.from()), report.reason());
        }
        String special = report.reason().isEmpty() ? "" : "; " + report.reason();
        return report.pendingBytes().bytes() == 0
                ? "%s is %s%s".formatted(report.group(), to, special)
                : "%s is %s after %d ms, %d ms were expected%s"
                        .formatted(report.group(), to, report.tookMillis(), report.expectedMillis(), special);
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
