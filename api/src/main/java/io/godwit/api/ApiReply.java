package io.godwit.api;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.SiteName;
import java.util.List;

/** What a site answers. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "reply")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ApiReply.Status.class, name = "status"),
    @JsonSubTypes.Type(value = ApiReply.Done.class, name = "done"),
    @JsonSubTypes.Type(value = ApiReply.Definition.class, name = "definition"),
    @JsonSubTypes.Type(value = ApiReply.Progress.class, name = "progress"),
    @JsonSubTypes.Type(value = ApiReply.MoveEnded.class, name = "move-ended"),
    @JsonSubTypes.Type(value = ApiReply.Draining.class, name = "draining"),
    @JsonSubTypes.Type(value = ApiReply.Drained.class, name = "drained"),
    @JsonSubTypes.Type(value = ApiReply.FailedOver.class, name = "failed-over"),
    @JsonSubTypes.Type(value = ApiReply.FailoverTesting.class, name = "failover-testing"),
    @JsonSubTypes.Type(value = ApiReply.FailoverTested.class, name = "failover-tested"),
    @JsonSubTypes.Type(value = ApiReply.ModeChanging.class, name = "mode-changing"),
    @JsonSubTypes.Type(value = ApiReply.ModeSet.class, name = "mode-set"),
    @JsonSubTypes.Type(value = ApiReply.HistorySet.class, name = "history-set"),
    @JsonSubTypes.Type(value = ApiReply.Points.class, name = "points"),
    @JsonSubTypes.Type(value = ApiReply.PointOpened.class, name = "point-opened"),
    @JsonSubTypes.Type(value = ApiReply.Marked.class, name = "marked"),
    @JsonSubTypes.Type(value = ApiReply.MechanismChosen.class, name = "mechanism-chosen"),
    @JsonSubTypes.Type(value = ApiReply.CheckpointsSet.class, name = "checkpoints-set"),
    @JsonSubTypes.Type(value = ApiReply.CheckpointTaken.class, name = "checkpoint-taken"),
    @JsonSubTypes.Type(value = ApiReply.EssentialSaved.class, name = "essential-saved"),
    @JsonSubTypes.Type(value = ApiReply.Rewound.class, name = "rewound"),
    @JsonSubTypes.Type(value = ApiReply.Removed.class, name = "removed"),
    @JsonSubTypes.Type(value = ApiReply.SetAside.class, name = "set-aside"),
    @JsonSubTypes.Type(value = ApiReply.Verifying.class, name = "verifying"),
    @JsonSubTypes.Type(value = ApiReply.Verified.class, name = "verified"),
    @JsonSubTypes.Type(value = ApiReply.Copying.class, name = "copying"),
    @JsonSubTypes.Type(value = ApiReply.Copied.class, name = "copied"),
    @JsonSubTypes.Type(value = ApiReply.PairingOpened.class, name = "pairing-opened"),
    @JsonSubTypes.Type(value = ApiReply.Joined.class, name = "joined"),
    @JsonSubTypes.Type(value = ApiReply.Refusal.class, name = "refusal"),
})
public sealed interface ApiReply {
    record Status(SiteStatus site) implements ApiReply {}

    record Done(String sentence) implements ApiReply {}

    record Definition(GroupDefinition definition) implements ApiReply {}

    record Progress(MoveProgress progress) implements ApiReply {}

    record MoveEnded(MoveReport report) implements ApiReply {}

    record Draining(DrainProgress progress) implements ApiReply {}

    record Drained(DrainReport report) implements ApiReply {}

    record FailedOver(FailoverReport report) implements ApiReply {}

    record FailoverTesting(FailoverTestStatus progress) implements ApiReply {}

    record FailoverTested(FailoverTestReport report) implements ApiReply {}

    /** So much is drained before a mode is in force, and it is expected to take so long. */
    record ModeChanging(ByteCount pendingBytes, long expectedMillis) implements ApiReply {}

    record ModeSet(ModeReport report) implements ApiReply {}

    record HistorySet(HistoryBounds bounds) implements ApiReply {}

    record Points(PointsReport points) implements ApiReply {}

    record PointOpened(PointsReport.OpenPoint point) implements ApiReply {}

    record Marked(MarkReport mark) implements ApiReply {}

    record MechanismChosen(MechanismReport report) implements ApiReply {}

    record CheckpointsSet(CheckpointWish wish) implements ApiReply {}

    record CheckpointTaken(CheckpointReport report) implements ApiReply {}

    /** One for each machine that has essential state. */
    record EssentialSaved(List<EssentialReport> reports) implements ApiReply {
        public EssentialSaved {
            reports = List.copyOf(reports);
        }
    }

    record Rewound(RewindReport report) implements ApiReply {}

    record Removed(RemovalReport report) implements ApiReply {}

    record SetAside(SetAsideReport report) implements ApiReply {}

    record Verifying(VerifyReport.Progress progress) implements ApiReply {}

    record Verified(VerifyReport report) implements ApiReply {}

    record Copying(CopyProgress progress) implements ApiReply {}

    record Copied(CopyReport report) implements ApiReply {}

    /** {@code token} is a secret: whoever has it can become a peer, once, until it expires. */
    record PairingOpened(String token, String fingerprint, long validSeconds) implements ApiReply {
        @Override
        public String toString() {
            return "PairingOpened[token=…, fingerprint=" + fingerprint + "]";
        }
    }

    record Joined(SiteName peer, String fingerprint) implements ApiReply {}

    record Refusal(ErrorCode code, String sentence) implements ApiReply {}
}
