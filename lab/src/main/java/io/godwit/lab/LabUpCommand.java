package io.godwit.lab;

import io.godwit.core.ByteCount;
import io.godwit.core.GodwitException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit lab up}: brings a lab up and leaves it up. */
@Command(name = "up", description = "Bring a lab up.", mixinStandardHelpOptions = true)
public final class LabUpCommand implements Callable<Integer> {
    @Mixin
    LabNameOption lab = new LabNameOption();

    @Mixin
    LinkOptions wan = new LinkOptions();

    @Option(names = "--mtu", paramLabel = "BYTES", description = "MTU between the sites (${DEFAULT-VALUE})")
    int mtu = 1600;

    @Option(names = "--site-disk", paramLabel = "SIZE", description = "each site's own disk (8GiB)")
    @Nullable
    String siteDisk;

    @Option(names = "--no-sites", description = "only the networks, without site daemons")
    boolean withoutSites;

    @Option(names = "--witness", description = "with a third voter: sites fail over by themselves")
    boolean witness;

    @Option(names = "--json", description = "print the lab's status as JSON")
    boolean json;

    /** The launcher has acted on it before this program began. */
    @Option(names = "--yes", description = "install missing packages without asking")
    boolean yes;

    @Spec
    @Nullable
    CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        LabSpec usual = LabSpec.usual(lab.lab());
        LabSpec wanted = usual.withWan(wan.changing(usual.wan()))
                .withWanMtu(mtu)
                .withSiteDisk(siteDisk == null ? usual.siteDisk() : ByteCount.parse(siteDisk));
        Lab up = Lab.up(wanted);
        if (!withoutSites) {
            startSites(up);
        }
        LabPrinter.print(up.status(), json, LabPrinter.of(command));
        return 0;
    }

    private void startSites(Lab up) throws InterruptedException {
        try {
            new LabSites(up, witness).start();
        } catch (GodwitException failed) {
            up.down();
            throw failed;
        }
    }
}
