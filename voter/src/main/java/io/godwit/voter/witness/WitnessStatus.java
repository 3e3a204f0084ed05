package io.godwit.voter.witness;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.SiteStatus;
import io.godwit.core.json.Json;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows whom the witness hears, who leads, and what is wrong.")
final class WitnessStatus implements Callable<Integer> {
    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--json", description = "Print the API's answer as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        ApiReply reply = config.client().ask(new ApiRequest.Status(Optional.empty()));
        if (reply instanceof ApiReply.Status(SiteStatus status)) {
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(Json.pretty(status));
            } else {
                print(status, out);
            }
            out.flush();
        }
        return 0;
    }

    private static void print(SiteStatus status, PrintWriter out) {
        out.println("witness %s (godwit %s)".formatted(status.site(), status.version()));
        out.println("  fingerprint %s".formatted(status.fingerprint()));
        for (SiteStatus.Peer peer : status.peers()) {
            out.println("  peer %s at %s".formatted(peer.name(), peer.address()));
        }
        status.voting().ifPresent(voting -> print(voting, out));
    }

    private static void print(SiteStatus.Voting voting, PrintWriter out) {
        String names = String.join(
                ", ", voting.reachable().stream().map(Object::toString).toList());
        out.println("  voters %d of %d reachable (%s), %s"
                .formatted(
                        voting.reachable().size(),
                        voting.voters().size(),
                        names,
                        voting.leader().map(leader -> leader + " leads").orElse("nobody leads")));
        voting.trouble().ifPresent(trouble -> out.println("  trouble " + trouble));
    }
}
