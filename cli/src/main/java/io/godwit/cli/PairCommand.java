package io.godwit.cli;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "pair",
        mixinStandardHelpOptions = true,
        description = "Introduces two sites to each other, once; from then on they trust each other's certificates.")
final class PairCommand {
    private static final int MAX_TOKEN_BYTES = 4096;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "open",
            mixinStandardHelpOptions = true,
            description = "Prints a one-time token on standard output, for `pair join` at the other site.")
    int open(@Mixin SiteOption site) {
        ApiReply reply = site.client().ask(new ApiRequest.OpenPairing());
        if (reply instanceof ApiReply.PairingOpened(String token, String fingerprint, long seconds)) {
            spec.commandLine()
                    .getErr()
                    .println("Valid once, for %d seconds. This site's fingerprint: %s".formatted(seconds, fingerprint));
            say(token);
        }
        return 0;
    }

    @Command(
            name = "join",
            mixinStandardHelpOptions = true,
            description = "Joins the site that opened the pairing; the token is read from standard input.")
    int join(
            @Mixin SiteOption site,
            @Parameters(paramLabel = "HOST:PORT", description = "Where the other site listens.") String address,
            @Option(names = "--token-file", paramLabel = "FILE", description = "Read the token from a file instead.")
                    @Nullable
                    Path file) {
        ApiReply reply = site.client().ask(new ApiRequest.Join(address, readToken(file)));
        if (reply instanceof ApiReply.Joined joined) {
            say("paired with %s, whose fingerprint is %s".formatted(joined.peer(), joined.fingerprint()));
        }
        return 0;
    }

    @Command(
            name = "forget",
            mixinStandardHelpOptions = true,
            description =
                    "Ends the pairing with a site that no group and no vote needs any more: it can't connect here again.",
            footer = {"", "The other site trusts this one until it is told to forget it as well."})
    int forget(
            @Mixin SiteOption site,
            @Parameters(paramLabel = "SITE", description = "The other site's name, or a witness'.") String peer) {
        if (site.client().ask(new ApiRequest.Forget(new SiteName(peer))) instanceof ApiReply.Done(String sentence)) {
            say(sentence);
        }
        return 0;
    }

    private static String readToken(@Nullable Path file) {
        try {
            return file == null ? token(System.in) : token(file);
        } catch (IOException unreadable) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "the token cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private static String token(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return token(in);
        }
    }

    private static String token(InputStream in) throws IOException {
        return new String(in.readNBytes(MAX_TOKEN_BYTES), StandardCharsets.UTF_8).strip();
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
