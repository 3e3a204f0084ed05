package io.godwit.lab.overhead;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import io.godwit.core.json.ReportFile;
import io.godwit.lab.Lab;
import io.godwit.lab.LabName;
import io.godwit.lab.LabSites;
import io.godwit.lab.LabSpec;
import io.godwit.lab.LinkOptions;
import io.godwit.lab.Place;
import io.godwit.lab.demo.DemoScreen;
import io.godwit.lab.demo.GuestImage;
import io.godwit.lab.demo.PassingLab;
import io.godwit.lab.net.Prerequisites;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code godwit demo overhead}: what checkpoints cost. */
@Command(
        name = "overhead",
        mixinStandardHelpOptions = true,
        description = {
            "Measures what checkpoints of a machine's memory cost the service in it: a client writes as fast as it is answered,",
            "while one is taken never, every 30 s, every 5 s and every second, in turns.",
            "Both data centres, the networks between them and the client are made on this machine and removed again."
        },
        footer = {"", "Exit codes: 0 it was measured; 1 it could not be; 2 refused."})
public final class OverheadCommand implements Callable<Integer> {
    private static final int INTERRUPTED = 130;
    private static final int MOST_ROUNDS = 100;

    @Option(names = "--rounds", paramLabel = "N", description = "turns of each, 1 to 100 (default ${DEFAULT-VALUE})")
    private int rounds = 3;

    @Option(names = "--memory", paramLabel = "SIZE", description = "the machine's memory (default ${DEFAULT-VALUE})")
    private String memory = "256MiB";

    @Mixin
    private LinkOptions wan = new LinkOptions();

    @Option(names = "--report", paramLabel = "FILE", description = "write the report as JSON")
    private @Nullable Path report;

    @Option(names = "--name", paramLabel = "LAB", description = "the lab's name (default ${DEFAULT-VALUE})")
    private String name = "overhead";

    @Option(names = "--json", description = "print the report as JSON instead of text")
    private boolean json;

    /** The launcher has acted on it before this program began. */
    @Option(names = "--yes", description = "install missing packages without asking")
    @SuppressWarnings("UnusedVariable")
    private boolean yes;

    @Override
    public Integer call() throws InterruptedException {
        if (rounds < 1 || rounds > MOST_ROUNDS) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "--rounds %d: 1 to %d make a measurement".formatted(rounds, MOST_ROUNDS));
        }
        LabSpec usual = LabSpec.usual(new LabName(name));
        LabSpec spec = usual.withWan(wan.changing(usual.wan()));
        ByteCount size = ByteCount.parse(memory);
        Optional<ReportFile> file = Optional.ofNullable(report).map(ReportFile::writable);
        Prerequisites.require();
        DemoScreen screen = new DemoScreen(json ? System.err : System.out);
        Path image = GuestImage.build(screen, spec);
        screen.step("bringing up two data centres, a core network and a client (%s)".formatted(name));
        PassingLab passing = PassingLab.up(spec, Lab::down);
        try (passing) {
            Lab lab = passing.lab();
            new LabSites(lab, false).start();
            OverheadReport found = new OverheadRun(lab, spec.wan(), size, rounds, screen)
                    .run(GuestImage.copy(image, lab.site(Place.EAST)));
            file.ifPresent(to -> to.write(found));
            screen.print(json ? "" : found.text());
            if (json) {
                System.out.println(Json.pretty(found));
            }
            return 0;
        } catch (GodwitException consequence) {
            if (passing.interrupted()) {
                return INTERRUPTED;
            }
            throw consequence;
        }
    }
}
