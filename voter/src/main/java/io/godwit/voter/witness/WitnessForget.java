package io.godwit.voter.witness;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.core.SiteName;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "forget",
        mixinStandardHelpOptions = true,
        description =
                "Ends the running witness' pairing with a site that is no voter any more: it can't connect here again.")
final class WitnessForget implements Callable<Integer> {
    @Mixin
    private ConfigOption config = new ConfigOption();

    @Parameters(paramLabel = "SITE", description = "The name of the site, or of another witness.")
    private String peer = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (config.client().ask(new ApiRequest.Forget(new SiteName(peer))) instanceof ApiReply.Done(String sentence)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(sentence);
            out.flush();
        }
        return 0;
    }
}
