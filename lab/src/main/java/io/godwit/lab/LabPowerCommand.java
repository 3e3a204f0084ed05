package io.godwit.lab;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code godwit lab power}: takes a site's power away, or gives it back. */
@Command(
        name = "power",
        mixinStandardHelpOptions = true,
        description =
                "Take a site's power: its machines and daemons are gone at once, and what was in their memory; its links carry nothing. What was on its disk"
                        + " stays. Or give the power back: it boots.")
public final class LabPowerCommand implements Callable<Integer> {
    @Mixin
    LabNameOption lab = new LabNameOption();

    @Parameters(index = "0", paramLabel = "SITE", description = "east or west")
    String site = "";

    @ArgGroup(multiplicity = "1")
    Wish wish = new Wish();

    /** One of them. */
    static final class Wish {
        @Option(names = "--off", description = "take the power")
        boolean off;

        @Option(names = "--on", description = "give it back")
        boolean on;
    }

    @Spec
    @Nullable
    CommandSpec command;

    @Override
    public Integer call() {
        Place place = Place.named(site);
        if (!place.equals(Place.EAST) && !place.equals(Place.WEST)) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "'%s' is not a site: there are east and west".formatted(site));
        }
        Lab found = Lab.find(lab.lab());
        PowerLoss power = new PowerLoss(found, found.site(place));
        if (wish.off) {
            power.strike();
        } else {
            power.end();
        }
        LabPrinter.of(command).println("site %s %s".formatted(site, wish.off ? "has no power" : "has power again"));
        LabPrinter.of(command).flush();
        return 0;
    }
}
