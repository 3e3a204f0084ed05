package io.godwit.cli;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.JsonLines;
import io.godwit.core.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import picocli.CommandLine;

/** A site's API without a site: answers each request with what a test has laid out, and remembers the request. */
final class FakeSite implements BeforeEachCallback, AfterEachCallback {
    record Ran(int exitCode, String out, String err) {}

    private final Path directory;
    private final Path socket;
    private final ServerSocketChannel server;
    private final LinkedBlockingQueue<List<ApiReply>> answers = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<ApiRequest> requests = new LinkedBlockingQueue<>();

    /** Registered with a test as its extension, it answers during each of its cases. */
    FakeSite() {
        try {
            directory = Files.createTempDirectory("godwit-cli");
            socket = directory.resolve("api.sock");
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofPlatform().daemon().start(this::serve);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        server.close();
        Files.delete(socket);
        Files.delete(directory);
    }

    private void serve() {
        try {
            while (true) {
                try (SocketChannel client = server.accept()) {
                    JsonLines lines = JsonLines.over(client);
                    requests.add(Json.read(lines.read().orElseThrow(), ApiRequest.class, "the request"));
                    for (ApiReply reply : answers.take()) {
                        lines.write(Json.line(reply));
                    }
                }
            }
        } catch (IOException closed) {
            // The test is over.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs a command against this site, which will answer so. */
    Ran run(List<ApiReply> replies, String... words) {
        answers.add(replies);
        return run(socket, words);
    }

    /** Runs a command that must not get so far as to ask. */
    Ran run(String... words) {
        return run(socket, words);
    }

    private static Ran run(Path socket, String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = CliMain.commandLine();
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--api");
        all.add(socket.toString());
        return new Ran(command.execute(all.toArray(String[]::new)), out.toString(), err.toString());
    }

    /** What it was asked last; nothing must be left then. */
    ApiRequest asked() throws InterruptedException {
        return requests.take();
    }

    boolean wasAsked() {
        return !requests.isEmpty();
    }
}
