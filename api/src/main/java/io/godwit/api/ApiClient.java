package io.godwit.api;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Asks a site through its private unix socket; a {@link ApiReply.Refusal} comes out as an exception.
 *
 * @param named what names another socket, for a person who named the wrong one
 */
public record ApiClient(Path socket, String named) {
    public ApiClient(Path socket) {
        this(socket, "--api or GODWIT_API");
    }

    /** Asks for what is answered by a single line. */
    public ApiReply ask(ApiRequest request) {
        ApiReply[] last = new ApiReply[1];
        stream(request, reply -> last[0] = reply);
        return last[0];
    }

    /** Asks and hands over each reply; returns when the site has closed its side. */
    public void stream(ApiRequest request, Consumer<ApiReply> replies) {
        try (Conversation conversation = open()) {
            conversation.lines().write(Json.line(request));
            boolean answered = false;
            for (Optional<String> line = conversation.lines().read();
                    line.isPresent();
                    line = conversation.lines().read()) {
                answered = true;
                replies.accept(accepted(Json.read(line.get(), ApiReply.class, "the site's reply")));
            }
            if (!answered) {
                throw new IOException("it closed the connection without an answer");
            }
        } catch (IOException broken) {
            throw new GodwitException(
                    ErrorCode.UNREACHABLE,
                    "the site at %s went away: %s".formatted(socket, broken.getMessage()),
                    broken);
        }
    }

    private static ApiReply accepted(ApiReply reply) {
        if (reply instanceof ApiReply.Refusal(ErrorCode code, String sentence)) {
            throw new GodwitException(code, sentence);
        }
        return reply;
    }

    private Conversation open() {
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
            } catch (IOException refused) {
                channel.close();
                throw refused;
            }
            return new Conversation(channel, JsonLines.over(channel));
        } catch (IOException absent) {
            throw new GodwitException(
                    ErrorCode.UNREACHABLE,
                    "no site answers at %s (%s): is its daemon running, and is this its API socket? (%s names another)"
                            .formatted(socket, absent.getMessage(), named),
                    absent);
        }
    }

    private record Conversation(SocketChannel channel, JsonLines lines) implements Closeable {
        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
