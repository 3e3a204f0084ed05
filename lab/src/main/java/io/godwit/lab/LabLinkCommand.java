package io.godwit.lab;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code godwit lab link}: changes a link while it runs. */
@Command(name = "link", description = "Change a link of a lab, or cut or mend it.", mixinStandardHelpOptions = true)
public final class LabLinkCommand implements Callable<Integer> {
    @Mixin
    LabNameOption lab = new LabNameOption();

    @Mixin
    LinkOptions options = new LinkOptions();

    @Parameters(index = "0", paramLabel = "LINK", description = "wan, east, west or client")
    String link = "wan";

    @Option(
            names = "--from",
            paramLabel = "PLACE",
            description = "change only the direction of frames that enter there")
    @Nullable
    String from;

    @Option(names = "--down", description = "cut the link")
    boolean down;

    @Option(names = "--up", description = "mend the link")
    boolean up;

    @Option(names = "--json", description = "print JSON")
    boolean json;

    @Spec
    @Nullable
    CommandSpec command;

    @Override
    public Integer call() {
        requireSense();
        LabLink changed = Lab.find(lab.lab()).link(link);
        List<LinkStatus> lanes = changed.status();
        if (lanes.isEmpty()) {
            throw new GodwitException(
                    ErrorCode.NOT_FOUND,
                    "a lab has no link '%s': there are wan, east, west and client".formatted(link));
        }
        if (!options.isEmpty()) {
            reshape(changed, lanes);
        }
        if (down) {
            changed.down();
        } else if (up) {
            changed.up();
        }
        LabPrinter.print(changed.status(), json, LabPrinter.of(command));
        return 0;
    }

    private void requireSense() {
        if (down && up) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "a link cannot be cut and mended at once");
        }
        if (from != null && (down || up)) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "a link is cut and mended in both directions; leave --from out");
        }
    }

    private void reshape(LabLink changed, List<LinkStatus> lanes) {
        if (from != null) {
            Place.named(from);
        }
        for (LinkStatus lane : lanes) {
            if (from == null || lane.from().equals(Place.named(from))) {
                changed.set(lane.from(), options.changing(lane.shape()));
            }
        }
    }
}
