package io.godwit.site.api;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiServer;
import io.godwit.site.trial.TrialRun;
import java.io.IOException;
import java.time.Duration;

/** Tells whoever asked how a test of a failover goes on, and at its end; when they hang up it is ended, unless it is to be kept. */
public final class TrialStream {
    private static final Duration LOOK = Duration.ofMillis(250);

    private TrialStream() {}

    public static void follow(TrialRun test, ApiServer.Replies out) throws IOException, InterruptedException {
        try {
            while (!test.awaitEnd(LOOK)) {
                out.send(new ApiReply.FailoverTesting(test.status()));
            }
        } catch (IOException hungUp) {
            if (!test.toBeKept()) {
                test.end("whoever asked for it has gone");
            }
            throw hungUp;
        }
        out.send(new ApiReply.FailoverTested(test.report()));
    }
}
