package io.godwit.voter.witness;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "open",
        mixinStandardHelpOptions = true,
        description =
                "Prints a one-time token on standard output, for `pair join` at a site or `witness join` at another witness.")
final class WitnessOpen implements Callable<Integer> {
    @Mixin
    private ConfigOption config = new ConfigOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        ApiReply reply = config.client().ask(new ApiRequest.OpenPairing());
        if (reply instanceof ApiReply.PairingOpened(String token, String fingerprint, long seconds)) {
            spec.commandLine()
                    .getErr()
                    .println("Valid once, for %d seconds. This witness' fingerprint: %s"
                            .formatted(seconds, fingerprint));
            spec.commandLine().getOut().println(token);
            spec.commandLine().getOut().flush();
        }
        return 0;
    }
}
