package io.godwit.site.group;

import io.godwit.api.GroupStatus;
import io.godwit.api.ModeReport;
import io.godwit.api.ReplicationMode;
import io.godwit.core.GroupName;
import io.godwit.replication.Alarm;
import io.godwit.replication.Mode;
import io.godwit.replication.ModeChange;
import io.godwit.replication.ReplicationPolicy;
import io.godwit.replication.ReplicationPolicy.AtBound;
import io.godwit.replication.ReplicationPolicy.WhenCut;
import java.time.Duration;

/** Modes in the words of the API and in those of replication. */
final class Modes {
    private Modes() {}

    static ReplicationPolicy policy(ReplicationMode mode) {
        return new ReplicationPolicy(
                kind(mode.kind()),
                mode.maxBytes(),
                Duration.ofMillis(mode.maxMillis()),
                switch (mode.atBound()) {
                    case SLOW -> AtBound.SLOW;
                    case ALARM -> AtBound.ALARM;
                },
                switch (mode.whenCut()) {
                    case STALL -> WhenCut.STALL;
                    case DEGRADE -> WhenCut.DEGRADE;
                },
                Duration.ofMillis(mode.rpoMillis()));
    }

    static ReplicationMode mode(ReplicationPolicy policy) {
        return new ReplicationMode(
                kind(policy.mode()),
                policy.maxLag(),
                policy.maxLagTime().toMillis(),
                switch (policy.atBound()) {
                    case SLOW -> ReplicationMode.AtBound.SLOW;
                    case ALARM -> ReplicationMode.AtBound.ALARM;
                },
                switch (policy.whenCut()) {
                    case STALL -> ReplicationMode.WhenCut.STALL;
                    case DEGRADE -> ReplicationMode.WhenCut.DEGRADE;
                },
                policy.rpo().toMillis());
    }

    private static Mode kind(ReplicationMode.Kind kind) {
        return switch (kind) {
            case ASYNC -> Mode.ASYNC;
            case SYNC -> Mode.SYNC;
            case STRICT -> Mode.STRICT;
            case ADAPTIVE -> Mode.ADAPTIVE;
        };
    }

    private static ReplicationMode.Kind kind(Mode mode) {
        return switch (mode) {
            case ASYNC -> ReplicationMode.Kind.ASYNC;
            case SYNC -> ReplicationMode.Kind.SYNC;
            case STRICT -> ReplicationMode.Kind.STRICT;
            case ADAPTIVE -> ReplicationMode.Kind.ADAPTIVE;
        };
    }

    static ModeReport report(GroupName group, ModeChange change) {
        return new ModeReport(
                group,
                kind(change.from()),
                kind(change.to()),
                change.done(),
                change.took().toMillis(),
                change.forecast().drain().toMillis(),
                change.forecast().pending(),
                change.reason());
    }

    static GroupStatus.Alarm alarm(Alarm alarm) {
        return new GroupStatus.Alarm(alarm.kind().word(), alarm.sentence());
    }
}
