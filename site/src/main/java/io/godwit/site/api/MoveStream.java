package io.godwit.site.api;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiServer;
import io.godwit.migration.Phase;
import io.godwit.site.move.ActiveMove;
import java.io.IOException;
import java.time.Duration;

/** Tells whoever asked how a move goes on: at each phase, five times a second, and at its end. */
public final class MoveStream {
    private static final Duration LOOK = Duration.ofMillis(25);
    private static final int LOOKS_PER_LINE = 8;

    private MoveStream() {}

    public static void follow(ActiveMove move, ApiServer.Replies out) throws IOException, InterruptedException {
        Phase told = null;
        for (int look = 0; !move.awaitEnd(LOOK); look++) {
            Phase phase = move.phase();
            if (phase != told || look % LOOKS_PER_LINE == 0) {
                told = phase;
                out.send(new ApiReply.Progress(move.progress()));
            }
        }
        out.send(new ApiReply.MoveEnded(move.report()));
    }
}
