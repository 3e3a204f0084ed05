package io.godwit.api;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks for a move and sees it through to its report, also when the site's daemon is restarted in between. */
public record MoveFollower(ApiClient site) {
    /** A daemon that doesn't come back within this is not coming back. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration PAUSE = Duration.ofMillis(200);

    public MoveReport migrate(GroupName group, SiteName to, MoveOptions options, Consumer<MoveProgress> progress)
            throws InterruptedException {
        Listener listener = new Listener(progress);
        try {
            site.stream(new ApiRequest.Migrate(group, to, options), listener);
        } catch (GodwitException away) {
            if (away.code() != ErrorCode.UNREACHABLE || !listener.begun) {
                throw away;
            }
        }
        Instant deadline = Instant.now().plus(PATIENCE);
        while (listener.report == null) {
            Thread.sleep(PAUSE);
            try {
                site.stream(new ApiRequest.FollowMove(group), listener);
            } catch (GodwitException away) {
                if (away.code() != ErrorCode.UNREACHABLE) {
                    throw away;
                }
                if (Instant.now().isAfter(deadline)) {
                    throw outOfSight(group, to, listener, away);
                }
            }
        }
        return listener.report;
    }

    private static GodwitException outOfSight(GroupName group, SiteName to, Listener listener, GodwitException away) {
        return new GodwitException(
                ErrorCode.UNREACHABLE,
                "%s; the move of group %s to %s was last heard of in phase %s, and goes on when that daemon is back: 'godwit status %s' at either site says where the group runs"
                        .formatted(away.sentence(), group, to, listener.phase, group),
                away);
    }

    private static final class Listener implements Consumer<ApiReply> {
        private final Consumer<MoveProgress> progress;
        private boolean begun;
        private String phase = "preparing";
        private @Nullable MoveReport report;

        Listener(Consumer<MoveProgress> progress) {
            this.progress = progress;
        }

        @Override
        public void accept(ApiReply reply) {
            begun = true;
            switch (reply) {
                case ApiReply.Progress(MoveProgress now) -> {
                    phase = now.phase();
                    progress.accept(now);
                }
                case ApiReply.MoveEnded(MoveReport ended) -> report = ended;
                case ApiReply.Status _,
                        ApiReply.Done _,
                        ApiReply.Definition _,
                        ApiReply.Draining _,
                        ApiReply.Drained _,
                        ApiReply.FailedOver _,
                        ApiReply.FailoverTesting _,
                        ApiReply.FailoverTested _,
                        ApiReply.ModeChanging _,
                        ApiReply.ModeSet _,
                        ApiReply.HistorySet _,
                        ApiReply.Points _,
                        ApiReply.PointOpened _,
                        ApiReply.Marked _,
                        ApiReply.CheckpointTaken _,
                        ApiReply.EssentialSaved _,
                        ApiReply.CheckpointsSet _,
                        ApiReply.MechanismChosen _,
                        ApiReply.Rewound _,
                        ApiReply.Removed _,
                        ApiReply.SetAside _,
                        ApiReply.Verifying _,
                        ApiReply.Verified _,
                        ApiReply.Copying _,
                        ApiReply.Copied _,
                        ApiReply.PairingOpened _,
                        ApiReply.Joined _,
                        ApiReply.Refusal _ ->
                    throw new GodwitException(ErrorCode.CORRUPT, "the site answered a move with " + reply);
            }
        }
    }
}
