package io.godwit.site.metrics;

import io.godwit.api.GroupStatus;
import io.godwit.api.ReplicationMode;
import io.godwit.api.SiteStatus;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.core.VmName;
import io.godwit.volume.StoreStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A site's status as a page of metrics: a pure function of what `status --json` shows and of the stores' own state. */
final class SitePage {
    private static final double MILLIS = 1_000;
    private static final double MICROS = 1_000_000;
    private static final List<String> ROLES =
            List.of("serving", "waiting", "following", "moving", "receiving", "taking-over");
    private static final List<String> STANDINGS =
            List.of("away", "asking", "serving", "stopping", "lapsed", "parting", "offered");
    private static final List<String> WAITING = List.of("nothing", "flushes", "writes");

    /** Every alarm that a group can raise: each has a sample always, so that its absence is never taken for silence. */
    private static final List<String> ALARMS =
            List.of("lag-bytes", "lag-time", "rpo-missed", "writers-stalled", "degraded");

    private final Exposition page = new Exposition();

    private SitePage() {}

    static String of(SiteStatus site, Map<GroupName, StoreStatus> stores) {
        SitePage page = new SitePage();
        page.page.add(
                Exposition.Type.GAUGE,
                "godwit_info",
                "Always 1.",
                1,
                "site",
                site.site().value(),
                "version",
                site.version());
        page.page.add(
                Exposition.Type.GAUGE,
                "godwit_peers",
                "Sites that this one is paired with.",
                site.peers().size());
        page.page.add(
                Exposition.Type.GAUGE,
                "godwit_groups_idle",
                "Groups that are stored here and cannot be taken up.",
                site.idle().size());
        site.voting().ifPresent(page::voting);
        for (GroupStatus group : site.groups()) {
            page.group(group);
            Optional.ofNullable(stores.get(group.group())).ifPresent(store -> page.store(group.group(), store));
        }
        return page.page.text();
    }

    private void gauge(String name, String help, GroupName group, long value) {
        page.add(Exposition.Type.GAUGE, name, help, value, "group", group.value());
    }

    private void gauge(String name, String help, GroupName group, double value) {
        page.add(Exposition.Type.GAUGE, name, help, value, "group", group.value());
    }

    private void choice(String name, String help, GroupName group, String label, List<String> all, String chosen) {
        for (String one : all) {
            page.add(Exposition.Type.GAUGE, name, help, one.equals(chosen) ? 1 : 0, "group", group.value(), label, one);
        }
    }

    private void voting(SiteStatus.Voting voting) {
        for (SiteName voter : voting.voters()) {
            page.add(
                    Exposition.Type.GAUGE,
                    "godwit_voter_heard",
                    "1 for a voter that this site's own hears, and for itself while it works.",
                    flag(voting.reachable().contains(voter)),
                    "voter",
                    voter.value());
        }
        page.add(
                Exposition.Type.GAUGE,
                "godwit_voters_decide",
                "1 while the voters have a leader, as far as this site knows.",
                flag(voting.leader().isPresent()));
    }

    private void tenure(GroupName name, GroupStatus.Tenure tenure) {
        choice(
                "godwit_tenure",
                "1 for how this site stands to the group by what the voters decided.",
                name,
                "standing",
                STANDINGS,
                tenure.standing());
        gauge(
                "godwit_lease_seconds",
                "For how long the group may be served here without a word of the voters.",
                name,
                tenure.leaseMillisLeft() / MILLIS);
    }

    private void group(GroupStatus group) {
        GroupName name = group.group();
        choice("godwit_group_role", "1 for what this site does for the group.", name, "role", ROLES, group.role());
        gauge(
                "godwit_group_term",
                "The term in which the group is owned.",
                name,
                group.term().value());
        gauge(
                "godwit_group_trouble",
                "1 while something stands against replication.",
                name,
                flag(group.trouble().isPresent()));
        gauge(
                "godwit_group_moving",
                "1 while the group is being moved away.",
                name,
                flag(group.phase().isPresent()));
        gauge(
                "godwit_group_machines",
                "Machines that this site runs.",
                name,
                group.vms().size());
        gauge(
                "godwit_failover_test",
                "1 while the machines of a test of a failover run here.",
                name,
                flag(group.failoverTest().isPresent()));
        group.tenure().ifPresent(tenure -> tenure(name, tenure));
        group.checkpoints().ifPresent(checkpoints -> checkpoints(name, checkpoints));
        group.checkpoints()
                .filter(owned -> group.replication().isPresent())
                .ifPresent(checkpoints -> checkpointsTaken(name, checkpoints));
        group.vms().forEach(vm -> vm.service().ifPresent(service -> service(name, vm.name(), service)));
        group.vms().forEach(vm -> vm.essential().ifPresent(state -> essential(name, vm.name(), state)));
        position("head", name, group.head());
        position("durable", name, group.durable());
        position("applied", name, group.applied());
        group.replication().ifPresent(replication -> replication(name, replication));
    }

    private void service(GroupName group, VmName machine, GroupStatus.Service service) {
        page.add(
                Exposition.Type.GAUGE,
                "godwit_service_silent",
                "1 while the machine runs and its service doesn't answer.",
                flag(service.silence().isPresent()),
                "group",
                group.value(),
                "machine",
                machine.value());
    }

    private void essential(GroupName group, VmName machine, GroupStatus.Essential state) {
        state.saved()
                .ifPresent(saved -> page.add(
                        Exposition.Type.GAUGE,
                        "godwit_essential_saved_time_seconds",
                        "When the machine's essential state that is kept was printed, since 1970.",
                        saved.toEpochMilli() / MILLIS,
                        "group",
                        group.value(),
                        "machine",
                        machine.value()));
        page.add(
                Exposition.Type.GAUGE,
                "godwit_essential_trouble",
                "1 while the machine's essential state can't be saved, or given back.",
                flag(state.trouble().isPresent()),
                "group",
                group.value(),
                "machine",
                machine.value());
    }

    private void position(String which, GroupName group, Position at) {
        page.add(
                Exposition.Type.COUNTER,
                "godwit_log_position_bytes",
                "Positions in the group's log: its end, what is on stable storage, what is in the disk images.",
                at.value(),
                "group",
                group.value(),
                "position",
                which);
    }

    private void checkpoints(GroupName name, GroupStatus.Checkpoints checkpoints) {
        gauge(
                "godwit_checkpoint_trouble",
                "1 while no checkpoint can be taken, or kept.",
                name,
                flag(checkpoints.trouble().isPresent()));
        checkpoints
                .kept()
                .ifPresent(kept -> gauge(
                        "godwit_checkpoint_kept_time_seconds",
                        "When the machines stood still for the checkpoint that is kept here, by the owner's clock, since 1970.",
                        name,
                        kept.time().toEpochMilli() / MILLIS));
        checkpoints.latest().ifPresent(latest -> {
            gauge(
                    "godwit_checkpoint_time_seconds",
                    "When the machines stood still for the last checkpoint that the other site has, since 1970.",
                    name,
                    latest.time().toEpochMilli() / MILLIS);
            gauge("godwit_checkpoint_pause_seconds", "How long they did.", name, latest.pauseMicros() / MICROS);
            gauge(
                    "godwit_checkpoint_duration_seconds",
                    "How long that checkpoint took until the other site had it.",
                    name,
                    latest.tookMillis() / MILLIS);
        });
    }

    private void checkpointsTaken(GroupName name, GroupStatus.Checkpoints checkpoints) {
        counter("godwit_checkpoints_total", "Checkpoints since the daemon began.", name, checkpoints.taken());
        counter(
                "godwit_checkpoint_wan_bytes_total",
                "Bytes that they sent.",
                name,
                checkpoints.wanBytes().bytes());
    }

    private void counter(String metric, String help, GroupName name, long value) {
        page.add(Exposition.Type.COUNTER, metric, help, value, "group", name.value());
    }

    private void replication(GroupName name, GroupStatus.Replication replication) {
        gauge("godwit_replication_connected", "1 while the replica is connected.", name, flag(replication.connected()));
        gauge(
                "godwit_replication_complete",
                "1 while the replica is a complete copy.",
                name,
                flag(replication.seeded()));
        gauge(
                "godwit_replication_lag_bytes",
                "Log bytes that the replica has not on its disk.",
                name,
                replication.lagBytes().bytes());
        gauge(
                "godwit_replication_lag_seconds",
                "Age of the oldest write among them.",
                name,
                replication.lagMillis() / MILLIS);
        replication
                .syncDisks()
                .ifPresent(disks -> gauge(
                        "godwit_replication_sync_disks_lag_bytes",
                        "Log bytes up to the last write of disks of class sync that the replica has not on its disk.",
                        name,
                        disks.lagBytes().bytes()));
        gauge(
                "godwit_replication_rpo_seconds",
                "Age of the oldest acknowledged write that would be lost now.",
                name,
                replication.rpoMillis() / MILLIS);
        gauge(
                "godwit_replication_rpo_worst_seconds",
                "The highest since the mode came into force.",
                name,
                replication.worstRpoMillis() / MILLIS);
        gauge(
                "godwit_replication_round_trip_seconds",
                "Round trip to the replica; 0 before the first.",
                name,
                replication.roundTripMicros() / MICROS);
        gauge(
                "godwit_replication_delivery_bytes_per_second",
                "Log bytes that the replica takes; 0 before measured.",
                name,
                replication.deliveryBytesPerSecond());
        gauge(
                "godwit_replication_write_bytes_per_second",
                "Log bytes that the machines write.",
                name,
                replication.writeBytesPerSecond());
        gauge(
                "godwit_replication_seeded_bytes",
                "Content copied by the present or last seeding.",
                name,
                replication.seededBytes().bytes());
        gauge(
                "godwit_replication_to_seed_bytes",
                "Content to copy in that seeding.",
                name,
                replication.toSeedBytes().bytes());
        seeding(name, replication.seeding());
        page.add(
                Exposition.Type.COUNTER,
                "godwit_replication_wan_bytes_total",
                "Bytes given to and taken from the replica.",
                replication.wanBytes().bytes(),
                "group",
                name.value());
        page.add(
                Exposition.Type.COUNTER,
                "godwit_replication_left_out_bytes_total",
                "Bytes of writes not sent because they were overwritten first.",
                replication.leftOutBytes().bytes(),
                "group",
                name.value());
        gauge(
                "godwit_replication_compression_level",
                "How hard what is sent is compressed now; 0 for not at all.",
                name,
                replication.compression().level());
        choice(
                "godwit_replication_mode",
                "1 for the mode that was asked for.",
                name,
                "mode",
                modes(),
                ReplicationMode.word(replication.mode().kind()));
        choice(
                "godwit_replication_waiting",
                "1 for who waits for the replica now.",
                name,
                "who",
                WAITING,
                replication.waiting());
        List<String> raised =
                replication.alarms().stream().map(GroupStatus.Alarm::name).toList();
        List<String> all =
                Stream.concat(ALARMS.stream(), raised.stream()).distinct().toList();
        for (String alarm : all) {
            page.add(
                    Exposition.Type.GAUGE,
                    "godwit_alarm",
                    "1 while the alarm is raised.",
                    flag(raised.contains(alarm)),
                    "group",
                    name.value(),
                    "alarm",
                    alarm);
        }
    }

    private void seeding(GroupName name, GroupStatus.Seeding seeding) {
        gauge(
                "godwit_replication_seeding_sent_bytes",
                "Content sent by the present or last seeding.",
                name,
                seeding.sentBytes().bytes());
        gauge(
                "godwit_replication_seeding_bytes_per_second",
                "Bytes of the disks copied or compared by it.",
                name,
                seeding.bytesPerSecond());
        gauge("godwit_replication_seeding_paused", "1 while the user has it paused.", name, flag(seeding.paused()));
    }

    private static List<String> modes() {
        return Arrays.stream(ReplicationMode.Kind.values())
                .map(ReplicationMode::word)
                .toList();
    }

    private void store(GroupName name, StoreStatus store) {
        position("tail", name, store.tail());
        gauge(
                "godwit_log_file_bytes",
                "Bytes of the log's files.",
                name,
                store.logBytes().bytes());
        gauge("godwit_images_full", "1 while the disk under the images is full.", name, flag(store.imagesFull()));
        gauge(
                "godwit_store_failed",
                "1 after the storage failed: nothing is written any more.",
                name,
                flag(store.failure().isPresent()));
        gauge(
                "godwit_log_followers_dropped",
                "Followers dropped for want of room in the log.",
                name,
                store.overrun().size());
    }

    private static int flag(boolean set) {
        return set ? 1 : 0;
    }
}
