package io.godwit.lab.demo;

import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import io.godwit.core.json.ReportFile;
import io.godwit.lab.Lab;
import io.godwit.lab.LabName;
import io.godwit.lab.LabSites;
import io.godwit.lab.LabSpec;
import io.godwit.lab.Place;
import io.godwit.lab.net.Prerequisites;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The lab in which something is shown, and what becomes of the report: options that are to be mixed into a command, and what they mean. */
public final class ShownLab {
    /** 128 and the number of SIGINT, as shells count. */
    private static final int INTERRUPTED = 130;

    @Option(names = "--report", paramLabel = "FILE", description = "write the report as JSON")
    private @Nullable Path report;

    @Option(names = "--keep", description = "leave the lab up")
    private boolean keep;

    @Option(names = "--name", paramLabel = "LAB", description = "the lab's name (default ${DEFAULT-VALUE})")
    private String name;

    @Option(names = "--json", description = "print the report as JSON instead of text")
    private boolean json;

    /** The launcher has acted on it before this program began. */
    @Option(names = "--yes", description = "install missing packages without asking")
    @SuppressWarnings("UnusedVariable")
    private boolean yes;

    /** @param name of the lab if none is given */
    public ShownLab(String name) {
        this.name = name;
    }

    /** What is shown in a lab whose sites run; returns the exit code. */
    @FunctionalInterface
    public interface Showing {
        int in(Lab lab, Path disk, DemoScreen screen) throws InterruptedException;
    }

    public LabSpec usual() {
        return LabSpec.usual(new LabName(name));
    }

    public String name() {
        return name;
    }

    public Optional<ReportFile> reportFile() {
        return Optional.ofNullable(report).map(ReportFile::writable);
    }

    /** For what a person reads; the report has standard output for itself if it is wanted there. */
    public DemoScreen screen() {
        return new DemoScreen(json ? System.err : System.out);
    }

    /** Says what was found, in one way or the other. */
    public void say(Object found, String text, DemoScreen screen) {
        if (json) {
            System.out.println(Json.pretty(found));
        } else {
            screen.print(text);
        }
    }

    /**
     * Brings the lab up, shows something in it, and takes it down, whatever happens.
     *
     * @param voting whether there is a witness
     * @param bringingUp what is brought up, in words
     * @param before is done before the lab goes
     */
    public int show(
            LabSpec spec, boolean voting, String bringingUp, Consumer<Lab> before, DemoScreen screen, Showing showing)
            throws InterruptedException {
        Prerequisites.require();
        Path image = GuestImage.build(screen, spec);
        screen.step(bringingUp);
        PassingLab passing = PassingLab.up(spec, lab -> {
            before.accept(lab);
            takeDown(lab, screen);
        });
        try (passing) {
            Lab lab = passing.lab();
            new LabSites(lab, voting).start();
            return showing.in(lab, GuestImage.copy(image, lab.site(Place.EAST)), screen);
        } catch (GodwitException consequence) {
            if (passing.interrupted()) {
                return INTERRUPTED;
            }
            if (!keep) {
                screen.note("--keep leaves the lab up, and its logs");
            }
            throw consequence;
        }
    }

    private void takeDown(Lab lab, DemoScreen screen) {
        if (keep) {
            screen.step("the lab stays up: `godwit lab status --name %s`, `godwit lab down --name %s`"
                    .formatted(lab.name(), lab.name()));
            screen.note("its logs: " + lab.paths().logs());
            screen.note("to command its sites: godwit status --api %s, and likewise at %s"
                    .formatted(lab.site(Place.EAST).api(), lab.site(Place.WEST).api()));
            return;
        }
        screen.step("taking the lab down");
        lab.down();
    }
}
