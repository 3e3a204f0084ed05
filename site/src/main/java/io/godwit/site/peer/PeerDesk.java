package io.godwit.site.peer;

import io.godwit.api.JsonLines;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import io.godwit.link.PeerChannel;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Function;

/** Answers a peer's coordinator on one line, question by question, until it hangs up. */
public final class PeerDesk {
    private static final Logger LOG = System.getLogger(PeerDesk.class.getName());

    private PeerDesk() {}

    public static void serve(PeerChannel channel, Function<PeerRequest, PeerReply> answers) throws IOException {
        JsonLines lines = new JsonLines(channel.input(), channel.output());
        for (Optional<String> line = lines.read(); line.isPresent(); line = lines.read()) {
            lines.write(Json.line(answer(channel, line.get(), answers)));
        }
    }

    private static PeerReply answer(PeerChannel channel, String line, Function<PeerRequest, PeerReply> answers) {
        try {
            PeerRequest request = Json.read(line, PeerRequest.class, "the request of " + channel.peer());
            if (!channel.group().equals(Optional.of(request.group()))) {
                throw new GodwitException(
                        ErrorCode.DENIED, "this line was opened for another group than " + request.group());
            }
            return answers.apply(request);
        } catch (GodwitException refused) {
            LOG.log(Level.INFO, "{0} was told: {1}", channel.peer(), refused.sentence());
            return new PeerReply.Failure(refused.code(), refused.sentence());
        } catch (RuntimeException unexpected) {
            LOG.log(Level.ERROR, "a request of " + channel.peer() + " failed", unexpected);
            return new PeerReply.Failure(ErrorCode.FAILED, "internal error: " + unexpected);
        }
    }
}
