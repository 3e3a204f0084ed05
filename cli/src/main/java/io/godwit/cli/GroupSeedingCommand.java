package io.godwit.cli;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.SeedingWish;
import io.godwit.core.BitRate;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.json.Json;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "seeding",
        mixinStandardHelpOptions = true,
        description = {
            "Says how fast the disks of a group that runs at this site are copied to its peer, or brought to the same again.",
            "It holds for a copy under way, too. The log of a replica that is up to date is not held back by it."
        },
        footer = {"", "`godwit status GROUP` shows how far a copy is. Exit codes: 0 done; 2 refused."})
final class GroupSeedingCommand implements Callable<Integer> {
    private static final String UNLIMITED = "none";

    @Mixin
    private SiteOption site = new SiteOption();

    @Parameters(paramLabel = "GROUP", description = "The protection group.")
    private String group = "";

    @Option(
            names = "--max-rate",
            paramLabel = "RATE",
            description = "Send at most so much, such as 50mbit; none for as much as the link carries.")
    private @Nullable String maxRate;

    @Option(names = "--pause", description = "Copy nothing until --resume.")
    private boolean pause;

    @Option(names = "--resume", description = "Go on copying.")
    private boolean resume;

    @Option(names = "--json", description = "Print the API's answer as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        ApiReply reply = site.client().ask(new ApiRequest.SetSeeding(new GroupName(group), wish()));
        if (reply instanceof ApiReply.Done done) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(json ? Json.line(done) : done.sentence());
            out.flush();
        }
        return 0;
    }

    private SeedingWish wish() {
        boolean nothing = maxRate == null && !pause && !resume;
        if (nothing || (pause && resume)) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "say one of --max-rate RATE, --pause, --resume");
        }
        boolean unlimited = UNLIMITED.equals(maxRate);
        return new SeedingWish(
                unlimited ? Optional.empty() : Optional.ofNullable(maxRate).map(BitRate::parse),
                unlimited,
                pause || resume ? Optional.of(pause) : Optional.empty());
    }
}
