package io.godwit.lab.chaos;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.ReportFile;
import io.godwit.lab.LabSpec;
import io.godwit.lab.LinkOptions;
import io.godwit.lab.demo.DemoScreen;
import io.godwit.lab.demo.ShownLab;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code godwit demo chaos}: faults from a seed, one after the other, while a client writes. */
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        description = {
            "Kills, pauses and cuts off what makes up two sites and a witness, for real, while a client writes all the time.",
            "Each fault says what the service's user may expect of it: that the service stays, or that the other site takes it over.",
            "Nothing that was acknowledged may ever be lost, and there may never be two writers. All is removed again."
        },
        footer = {"", "Exit codes: 0 all was as expected; 1 something wasn't, or the run failed; 2 refused."})
public final class ChaosCommand implements Callable<Integer> {
    private static final int MOST_ROUNDS = 10_000;
    private static final long SEEDS = 1_000_000;
    private static final int LONGEST_BOUND_SECONDS = 60;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "what strikes, in which order, for how long (default: a random one)")
    private @Nullable Long seed;

    @Option(names = "--rounds", paramLabel = "N", description = "how many faults (default: each once)")
    private @Nullable Integer rounds;

    @Option(
            names = "--losses",
            paramLabel = "N",
            description = {
                "instead: so many times the owner's site loses power, at a random moment; it comes back",
                "when the other site serves, and when that one is protected again, it is lost next"
            })
    private @Nullable Integer losses;

    @Option(
            names = "--further",
            description = {
                "with --losses: one more process is killed while the other site takes over, at a random moment:",
                "in turns that site's daemon, the machine there, its BGP speaker, and the witness"
            })
    private boolean further;

    @Option(
            names = "--async",
            paramLabel = "SECONDS",
            description = {
                "with --losses: acknowledgements don't wait for the other site (mode async with that bound), and the other site",
                "takes over with what it has; only such writes may be lost as were acknowledged within that time before"
            })
    private @Nullable Integer asyncSeconds;

    @Option(
            names = "--only",
            paramLabel = "FAULT",
            description = "among these only; may be given more than once (--list)")
    private List<String> only = List.of();

    @Option(names = "--false-alarms", description = "only faults that are to move nothing")
    private boolean falseAlarms;

    @Option(names = "--list", description = "list the faults, and what is expected of each")
    private boolean list;

    @Mixin
    private LinkOptions wan = new LinkOptions();

    @Option(names = "--logs", paramLabel = "DIRECTORY", description = "keep the logs of all daemons there")
    private @Nullable Path logs;

    @Mixin
    private ShownLab shown = new ShownLab("chaos");

    @Override
    public Integer call() throws InterruptedException {
        if (list) {
            System.out.print(ChaosText.list(List.of(Disturbance.values())));
            return 0;
        }
        ChaosOptions options = options();
        Optional<ReportFile> file = shown.reportFile();
        Optional<LogKeeping> keeping = Optional.ofNullable(logs).map(LogKeeping::in);
        DemoScreen screen = shown.screen();
        screen.step("%d %s under seed %d"
                .formatted(
                        options.schedule().entries().size(),
                        losses == null ? "faults" : "site losses",
                        options.seed()));
        return shown.show(
                options.lab(),
                true,
                "bringing up two sites that vote, a witness, a core network and a client (%s)".formatted(shown.name()),
                lab -> keeping.ifPresent(kept -> kept.keep(lab.paths().logs())),
                screen,
                (lab, disk, _) -> {
                    ChaosReport found = new ChaosRun(lab, options, screen).run(disk);
                    file.ifPresent(to -> to.write(found));
                    shown.say(found, ChaosText.of(found, options.promise(), again(options)), screen);
                    return found.succeeded() ? 0 : 1;
                });
    }

    private ChaosOptions options() {
        LabSpec usual = shown.usual();
        long drawn = seed == null ? ThreadLocalRandom.current().nextLong(SEEDS) : seed;
        return new ChaosOptions(usual.withWan(wan.changing(usual.wan())), drawn, schedule(drawn), promise());
    }

    private Promise promise() {
        if (asyncSeconds == null) {
            return Promise.NOTHING_IS_LOST;
        }
        if (asyncSeconds < 1 || asyncSeconds > LONGEST_BOUND_SECONDS) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "--async %d: 1 to %d s are a bound that such a run can judge"
                            .formatted(asyncSeconds, LONGEST_BOUND_SECONDS));
        }
        return new Promise(Optional.of(Duration.ofSeconds(asyncSeconds)));
    }

    private Schedule schedule(long drawn) {
        if (losses != null) {
            if (rounds != null || falseAlarms || !only.isEmpty()) {
                throw new GodwitException(
                        ErrorCode.BAD_INPUT,
                        "--losses is a run of its own, without --rounds, --only and --false-alarms");
            }
            int many = sensible("--losses", losses);
            return further ? Schedule.lossesAndFurther(drawn, many) : Schedule.losses(drawn, many);
        }
        if (further || asyncSeconds != null) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "--further and --async are about sites that are lost: they go with --losses N");
        }
        List<Disturbance> among = among();
        return Schedule.draw(drawn, among, sensible("--rounds", rounds == null ? among.size() : rounds));
    }

    private static int sensible(String option, int wanted) {
        if (wanted < 1 || wanted > MOST_ROUNDS) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "%s %d: 1 to %d make a run".formatted(option, wanted, MOST_ROUNDS));
        }
        return wanted;
    }

    private List<Disturbance> among() {
        List<Disturbance> named =
                only.stream().map(Disturbance::parse).distinct().toList();
        List<Disturbance> among = (named.isEmpty() ? Arrays.stream(Disturbance.values()) : named.stream())
                .filter(one -> !falseAlarms || one.falseAlarm())
                .toList();
        if (among.isEmpty()) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "--false-alarms: none of those given with --only is one");
        }
        return among;
    }

    /** The order of faults depends on which there are, hence the options are said as they were given. */
    private String again(ChaosOptions options) {
        int many = options.schedule().entries().size();
        return "./godwit demo chaos --seed %d --%s %d%s%s%s%s%s"
                .formatted(
                        options.seed(),
                        losses == null ? "rounds" : "losses",
                        many,
                        further ? " --further" : "",
                        asyncSeconds == null ? "" : " --async " + asyncSeconds,
                        falseAlarms ? " --false-alarms" : "",
                        only.stream().map(" --only "::concat).collect(Collectors.joining()),
                        wan.asGiven());
    }
}
