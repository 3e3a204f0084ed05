package io.godwit.site.peer;

import io.godwit.api.JsonLines;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.json.Json;
import io.godwit.link.ChannelKind;
import io.godwit.link.Link;
import io.godwit.link.PeerChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** An open line to a peer's coordinator: one question at a time, each with its answer. */
public final class PeerLine implements AutoCloseable {
    private final PeerChannel channel;
    private final JsonLines lines;

    private PeerLine(PeerChannel channel) {
        this.channel = channel;
        this.lines = new JsonLines(channel.input(), channel.output());
    }

    public static PeerLine open(Link link, GroupName group) {
        return new PeerLine(link.open(ChannelKind.CONTROL, Optional.of(group)));
    }

    /** Opens a line for a single question. */
    public static PeerReply askOnce(Link link, PeerRequest request, Duration atMost) {
        try (PeerLine line = open(link, request.group())) {
            return line.ask(request, atMost);
        }
    }

    /** Asks; a {@link PeerReply.Failure} comes out as an exception, and so does silence, as {@link ErrorCode#UNREACHABLE}. */
    public synchronized PeerReply ask(PeerRequest request, Duration atMost) {
        SiteName peer = channel.peer();
        try {
            channel.readTimeout(atMost);
            lines.write(Json.line(request));
            String answer = lines.read().orElseThrow(() -> new IOException("it hung up"));
            PeerReply reply = Json.read(answer, PeerReply.class, "the answer of " + peer);
            if (reply instanceof PeerReply.Failure(ErrorCode code, String sentence)) {
                throw new GodwitException(code, peer + ": " + sentence);
            }
            return reply;
        } catch (IOException broken) {
            throw new GodwitException(
                    ErrorCode.UNREACHABLE, "%s does not answer: %s".formatted(peer, broken.getMessage()), broken);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException gone) {
            // It is closed all the same.
        }
    }
}
