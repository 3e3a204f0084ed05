package io.godwit.voter.witness;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "join",
        mixinStandardHelpOptions = true,
        description =
                "Pairs the running witness with a site at which `pair open` was run; the token is read from standard input.")
final class WitnessJoin implements Callable<Integer> {
    private static final int MAX_TOKEN_BYTES = 4096;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Parameters(paramLabel = "HOST:PORT", description = "Where the site listens.")
    private String address = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        String token = new String(System.in.readNBytes(MAX_TOKEN_BYTES), StandardCharsets.UTF_8).strip();
        ApiReply reply = config.client().ask(new ApiRequest.Join(address, token));
        if (reply instanceof ApiReply.Joined joined) {
            PrintWriter out = spec.commandLine().getOut();
            out.println("paired with %s, whose fingerprint is %s".formatted(joined.peer(), joined.fingerprint()));
            out.flush();
        }
        return 0;
    }
}
