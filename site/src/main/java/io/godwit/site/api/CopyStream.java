package io.godwit.site.api;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiServer;
import io.godwit.site.group.CopyTask;
import java.io.IOException;
import java.time.Duration;

/** Tells whoever asked how a copy goes on, and at its end; when they hang up it is given up. */
public final class CopyStream {
    private static final Duration LOOK = Duration.ofMillis(200);

    private CopyStream() {}

    public static void follow(CopyTask copy, ApiServer.Replies out) throws IOException, InterruptedException {
        try {
            while (!copy.awaitEnd(LOOK)) {
                out.send(new ApiReply.Copying(copy.progress()));
            }
        } finally {
            copy.giveUp("whoever asked for it has gone");
        }
        out.send(new ApiReply.Copied(copy.report()));
    }
}
