package io.godwit.lab.demo;

import io.godwit.api.CheckpointWish;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.ReportFile;
import io.godwit.lab.LabPaths;
import io.godwit.lab.LabSpec;
import io.godwit.lab.LinkOptions;
import io.godwit.lab.wire.LinkShape;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code godwit demo}: the main job, on one machine, for real. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Moves a running virtual machine from one data centre to another while a client talks to it.",
            "unplanned: the first data centre loses power, the second one takes over by itself, with the vote of a witness at a third place;",
            "the first one comes back, and the machine moves home. With --operator there is no witness, and a person decides.",
            "With --checkpoints the machine goes on from its memory as it was a moment before, instead of being booted.",
            "Both data centres, the networks between them and the client are made on this machine and removed again."
        },
        footer = {
            "",
            "Faults: kill-source-daemon, kill-target-daemon, kill-source-qemu, kill-target-qemu, link-down,",
            "target-disk-full; each at one of seeding, drain, synchronous, precopy, final, committed.",
            "",
            "Exit codes: 0 the service moved and nothing was lost; 1 it did not, or something was; 2 refused."
        })
public final class DemoCommand implements Callable<Integer> {
    private static final Duration LONGEST_ROUND_TRIP = Duration.ofSeconds(1);

    @Parameters(arity = "0..1", paramLabel = "SCENARIO", description = "planned (default), there-and-back or unplanned")
    private String scenario = "planned";

    @Mixin
    private LinkOptions wan = new LinkOptions();

    @Option(names = "--memory", paramLabel = "SIZE", description = "the machine's memory (default ${DEFAULT-VALUE})")
    private String memory = "256MiB";

    @Option(names = "--fault", paramLabel = "KIND@PHASE", description = "make one thing fail at one phase of the move")
    private @Nullable String fault;

    @Option(names = "--no-compare", description = "don't compare both sides' memory and disks at the switch")
    private boolean withoutComparison;

    @Option(names = "--strict", description = "a missed time is a failure")
    private boolean strict;

    @Option(
            names = "--operator",
            description = "unplanned without a third voter: an operator decides at the site that is left")
    private boolean operator;

    @Option(
            names = "--checkpoints",
            paramLabel = "SECONDS",
            description =
                    "unplanned with the machine's memory protected: a checkpoint every so often, writes asynchronous")
    private @Nullable Integer checkpoints;

    @Option(
            names = "--cold",
            description =
                    "with --checkpoints: they are kept in files at the second data centre, and no QEMU waits there")
    private boolean cold;

    @Mixin
    private ShownLab shown = new ShownLab("demo");

    @Override
    public Integer call() throws InterruptedException {
        DemoOptions options = options();
        Optional<ReportFile> file = shown.reportFile();
        return shown.show(
                options.lab(),
                options.witness(),
                "bringing up two data centres, a core network and a client (%s, %s)"
                        .formatted(wanText(options), shown.name()),
                _ -> {},
                shown.screen(),
                (lab, disk, screen) -> conclude(new Demo(lab, options, screen).run(disk), options, file, screen));
    }

    private DemoOptions options() {
        LabSpec usual = shown.usual();
        if (scenario() == DemoOptions.Scenario.UNPLANNED && fault != null) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "--fault is for a move; unplanned is a fault by itself");
        }
        if (scenario() != DemoOptions.Scenario.UNPLANNED && operator) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "--operator is for unplanned: a move needs no third vote");
        }
        if (scenario() != DemoOptions.Scenario.UNPLANNED && checkpoints != null) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "--checkpoints is for unplanned: a move takes the memory along");
        }
        if (checkpoints == null && cold) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "--cold says where --checkpoints are kept: give both");
        }
        return new DemoOptions(
                scenario(),
                usual.withWan(bearable(wan.changing(usual.wan()))),
                memory(),
                Optional.ofNullable(fault).map(Fault::parse),
                !withoutComparison,
                strict,
                scenario() == DemoOptions.Scenario.UNPLANNED && !operator,
                Optional.ofNullable(checkpoints).map(this::wish));
    }

    private CheckpointWish wish(int seconds) {
        return new CheckpointWish(
                Optional.of(seconds),
                Optional.of(cold ? CheckpointWish.Standby.COLD : CheckpointWish.Standby.WARM),
                Optional.empty());
    }

    private ByteCount memory() {
        ByteCount size = ByteCount.parse(memory);
        if (size.compareTo(ByteCount.ofMiB(128)) < 0 || size.bytes() % (1 << 20) != 0) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "--memory %s: the guest needs at least 128MiB, in whole MiB; write the unit".formatted(memory));
        }
        ByteCount free = LabPaths.roomForMemory();
        if (size.plus(size).compareTo(free) > 0) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "--memory %s: both sites hold it, and this machine has room for %s in all".formatted(memory, free));
        }
        return size;
    }

    private static LinkShape bearable(LinkShape shape) {
        if (shape.delay().multipliedBy(2).compareTo(LONGEST_ROUND_TRIP) > 0) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "--rtt: the sites take a peer that is silent for 2 s for lost; up to %d s make a demonstration"
                            .formatted(LONGEST_ROUND_TRIP.toSeconds()));
        }
        return shape;
    }

    private DemoOptions.Scenario scenario() {
        for (DemoOptions.Scenario known : DemoOptions.Scenario.values()) {
            if (known.word().equals(scenario)) {
                return known;
            }
        }
        throw new GodwitException(
                ErrorCode.BAD_INPUT,
                "'%s' is not a scenario: there are planned, there-and-back and unplanned".formatted(scenario));
    }

    private static String wanText(DemoOptions options) {
        LinkShape wan = options.lab().wan();
        return String.format(
                Locale.ROOT,
                "%.0f ms round trip, %s, %s %% loss between them",
                wan.delay().multipliedBy(2).toNanos() / 1e6,
                wan.rate(),
                wan.lossPercent());
    }

    private int conclude(DemoReport found, DemoOptions options, Optional<ReportFile> file, DemoScreen screen) {
        shown.say(found, ReportText.of(found), screen);
        file.ifPresent(to -> to.write(found));
        boolean timesMet = Target.of(found).stream().allMatch(Target::met);
        return found.succeeded() && (timesMet || !options.strict()) ? 0 : 1;
    }
}
