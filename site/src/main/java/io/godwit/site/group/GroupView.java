package io.godwit.site.group;

import io.godwit.api.FailoverTestStatus;
import io.godwit.api.GroupStatus;
import io.godwit.api.ReplicationMode;
import io.godwit.core.BitRate;
import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import io.godwit.migration.FailoverState;
import io.godwit.replication.Compression;
import io.godwit.replication.ModeStatus;
import io.godwit.replication.ReplicationStatus;
import io.godwit.replication.SeedStatus;
import io.godwit.site.SiteContext;
import io.godwit.site.files.GroupRecord;
import io.godwit.site.move.ActiveMove;
import io.godwit.volume.GroupStore;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A group as this site shows it. */
record GroupView(
        SiteContext site,
        GroupRecord record,
        Role role,
        Optional<ActiveMove> move,
        Optional<FailoverState> failover,
        PeerWatch watch,
        Optional<FailoverTestStatus> test,
        Optional<Tenancy> tenancy,
        Optional<GroupStatus.Checkpoints> checkpoints,
        Optional<GroupStatus.Objective> objective) {
    GroupStatus status() {
        Optional<ActiveMove> active = move.filter(moving -> !moving.hasEnded());
        return switch (role) {
            case Serving serving ->
                status(
                        word(active),
                        Optional.of(serving.store()),
                        Optional.of(replication(serving.replicator().status())),
                        serving.machines(),
                        active,
                        trouble(serving));
            case Following following ->
                status(
                        word(following),
                        following.replica().store(),
                        Optional.empty(),
                        List.of(),
                        active,
                        following.trouble());
        };
    }

    private String word(Optional<ActiveMove> active) {
        if (active.isPresent()) {
            return "moving";
        }
        if (failover.filter(FailoverState::underWay).isPresent()) {
            return "taking-over";
        }
        return watch.sure() && tenancy.map(Tenancy::serves).orElse(true) ? "serving" : "waiting";
    }

    private String trouble(Serving serving) {
        if (!watch.waiting().isEmpty()) {
            return watch.waiting();
        }
        if (failover.filter(FailoverState.Alone.class::isInstance).isPresent()) {
            return "taken over in term %s; %s has not caught up since, the group has no replica%s"
                    .formatted(
                            record.term(),
                            record.peerOf(site.name()),
                            serving.trouble().isEmpty() ? "" : ": " + serving.trouble());
        }
        return serving.trouble();
    }

    private static String word(Following following) {
        return following.incoming().isPresent()
                ? "receiving"
                : following.replica().status().repairing() ? "repairing" : "following";
    }

    private static GroupStatus.Seeding seeding(SeedStatus seed) {
        return new GroupStatus.Seeding(
                seed.byDifference(),
                new ByteCount(seed.sentBytes()),
                seed.bytesPerSecond(),
                boxed(seed.millisLeft()),
                boxed(seed.maxBytesPerSecond()).map(bytes -> new BitRate(bytes * Byte.SIZE)),
                seed.paused());
    }

    private static Optional<Long> boxed(OptionalLong value) {
        return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
    }

    private GroupStatus status(
            String word,
            Optional<GroupStore> store,
            Optional<GroupStatus.Replication> replication,
            List<GroupStatus.Vm> vms,
            Optional<ActiveMove> active,
            String trouble) {
        return new GroupStatus(
                record.name(),
                word,
                record.owner(),
                record.peerOf(site.name()),
                record.term(),
                record.definition().effectivePriority(),
                store.map(GroupStore::head).orElse(Position.START),
                store.map(GroupStore::durable).orElse(Position.START),
                store.map(GroupStore::applied).orElse(Position.START),
                store.filter(held ->
                                role instanceof Following && record.definition().hasAsyncDisks())
                        .map(held -> held.early().covered()),
                replication,
                vms,
                record.definition()
                        .disks()
                        .map(disk -> new GroupStatus.Disk(
                                disk.name(), disk.effectiveClass(), disk.size().orElse(ByteCount.ZERO)))
                        .toList(),
                active.map(moving -> moving.phase().word())
                        .or(() -> failover.filter(FailoverState::underWay).map(FailoverState::word)),
                trouble.isEmpty() ? store.flatMap(GroupView::awaited) : Optional.of(trouble),
                test,
                tenancy.map(Tenancy::status),
                checkpoints,
                objective);
    }

    private static Optional<String> awaited(GroupStore store) {
        return store.status().imagesAway().map("a disk waits for its image: %s"::formatted);
    }

    private GroupStatus.Replication replication(ReplicationStatus status) {
        ModeStatus mode = status.mode();
        return new GroupStatus.Replication(
                record.mode(),
                ReplicationMode.word(mode.waiting()),
                mode.rpo().toMillis(),
                mode.worstRpo().toMillis(),
                status.roundTrip().toNanos() / 1_000,
                mode.deliveryRate(),
                mode.writeRate(),
                mode.alarms().stream().map(Modes::alarm).toList(),
                mode.lastChange().map(change -> Modes.report(record.name(), change)),
                status.connected(),
                status.seeded(),
                new ByteCount(status.seed().doneBytes()),
                new ByteCount(status.seed().totalBytes()),
                seeding(status.seed()),
                status.lagBytes(),
                status.lagMillis(),
                status.syncDisks().map(sync -> new GroupStatus.SyncDisks(sync.safe(), sync.lag())),
                new ByteCount(status.wanBytes()),
                new ByteCount(status.leftOutBytes()),
                compression(status.compression()));
    }

    private static GroupStatus.Compression compression(Compression now) {
        return new GroupStatus.Compression(
                now.level(),
                ReplicationMode.word(now.limit()),
                new ByteCount(now.rawBytes()),
                new ByteCount(now.packedBytes()));
    }
}
