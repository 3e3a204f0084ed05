package io.godwit.site.api;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiServer;
import io.godwit.api.DrainProgress;
import io.godwit.site.drain.DrainRun;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Tells whoever asked how a drain goes on, from its beginning, and at its end. It goes on when they hang up. */
public final class DrainStream {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int LOOKS_PER_LINE = 5;

    private DrainStream() {}

    public static void follow(DrainRun drain, ApiServer.Replies out) throws IOException, InterruptedException {
        int told = 0;
        boolean over = false;
        for (int look = 1; !over; look++) {
            over = drain.awaitEnd(LOOK);
            List<DrainProgress> news = drain.events(told);
            told += news.size();
            for (DrainProgress event : news) {
                out.send(new ApiReply.Draining(event));
            }
            Optional<DrainProgress> moving = drain.moving();
            if (look % LOOKS_PER_LINE == 0 && moving.isPresent()) {
                out.send(new ApiReply.Draining(moving.get()));
            }
        }
        out.send(new ApiReply.Drained(drain.report()));
    }
}
