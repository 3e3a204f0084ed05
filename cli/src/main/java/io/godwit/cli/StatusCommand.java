package io.godwit.cli;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.CheckpointReport;
import io.godwit.api.CheckpointWish;
import io.godwit.api.FailoverTestStatus;
import io.godwit.api.GroupStatus;
import io.godwit.api.ObjectiveWish;
import io.godwit.api.ReplicationMode;
import io.godwit.api.SiteStatus;
import io.godwit.core.GroupName;
import io.godwit.core.json.Json;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows the site, its peers and its protection groups.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private SiteOption site = new SiteOption();

    @Parameters(arity = "0..1", paramLabel = "GROUP", description = "Only this group.")
    private @Nullable String group;

    @Option(names = "--json", description = "Print the API's answer as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Optional<GroupName> wanted = Optional.ofNullable(group).map(GroupName::new);
        ApiReply reply = site.client().ask(new ApiRequest.Status(wanted));
        if (reply instanceof ApiReply.Status(SiteStatus status)) {
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(Json.pretty(status));
            } else {
                print(status, out);
            }
            out.flush();
        }
        return 0;
    }

    private static void print(SiteStatus status, PrintWriter out) {
        out.println("site %s (godwit %s)".formatted(status.site(), status.version()));
        out.println("  fingerprint %s".formatted(status.fingerprint()));
        for (SiteStatus.Peer peer : status.peers()) {
            out.println("  peer %s at %s".formatted(peer.name(), peer.address()));
        }
        status.voting().ifPresent(voting -> print(voting, out));
        status.groups().forEach(group -> print(group, out));
        for (SiteStatus.Idle idle : status.idle()) {
            out.println();
            out.println("group %s: cannot be taken up".formatted(idle.group()));
            out.println("  trouble     " + idle.reason());
        }
    }

    private static void print(SiteStatus.Voting voting, PrintWriter out) {
        out.println("  voters %d of %d reachable, %s%s"
                .formatted(
                        voting.reachable().size(),
                        voting.voters().size(),
                        voting.leader().map(leader -> leader + " leads").orElse("nobody leads"),
                        voting.trouble().map(trouble -> "; " + trouble).orElse("")));
    }

    private static void print(GroupStatus group, PrintWriter out) {
        out.println();
        out.println("group %s: %s, owned by %s in term %s"
                .formatted(group.group(), group.role(), group.owner(), group.term()));
        group.failoverTest().ifPresent(test -> out.println("  test        " + sentence(group, test)));
        out.println("  priority    %d".formatted(group.priority()));
        group.phase().ifPresent(phase -> out.println("  move        " + phase));
        group.vms().forEach(vm -> print(vm, out));
        group.disks()
                .forEach(disk ->
                        out.println("  disk        %s: %s, %s".formatted(disk.name(), disk.size(), kept(disk))));
        out.println("  log         head %s, durable %s, applied %s"
                .formatted(group.head(), group.durable(), group.applied()));
        group.syncDisks().ifPresent(sync -> out.println("  sync disks  here up to %s".formatted(sync)));
        group.replication().ifPresent(replication -> print(replication, group, out));
        group.checkpoints().ifPresent(checkpoints -> {
            out.println("  memory      " + sentence(group, checkpoints));
            out.println("  checkpoints " + rule(checkpoints));
        });
        group.objective().ifPresent(objective -> print(objective, out));
        group.tenure()
                .ifPresent(tenure -> out.printf(
                        "  voters      %s%s, lease %d ms%s%s%n",
                        tenure.standing(),
                        tenure.term().map(term -> " in term " + term).orElse(""),
                        tenure.leaseMillisLeft(),
                        tenure.replica().map(replica -> ", replica " + replica).orElse(""),
                        tenure.finding().map(finding -> "; " + finding).orElse("")));
        group.trouble().ifPresent(trouble -> out.println("  trouble     " + trouble));
    }

    private static void print(GroupStatus.Vm vm, PrintWriter out) {
        out.println("  machine     %s at %s: %s".formatted(vm.name(), vm.address(), vm.state()));
        vm.service()
                .ifPresent(service -> out.println("  service     port %d %s"
                        .formatted(service.port(), service.silence().orElse(service.state()))));
        vm.essential().ifPresent(state -> out.println("  essential   " + sentence(vm, state)));
    }

    private static String sentence(GroupStatus.Vm vm, GroupStatus.Essential state) {
        String trouble = state.trouble().map("; %s"::formatted).orElse("");
        if (state.saved().isEmpty()) {
            return "of %s: not saved yet%s".formatted(vm.name(), trouble);
        }
        String checked =
                state.checked().map(time -> ", looked at last at " + time).orElse("");
        return "%s of %s, saved at %s%s%s"
                .formatted(
                        state.size(),
                        vm.name(),
                        state.saved().get(),
                        state.awaitsImport() ? ", not given back to it yet" : checked,
                        trouble);
    }

    private static void print(GroupStatus.Objective objective, PrintWriter out) {
        ObjectiveWish wish = objective.wish();
        out.println("  objective   RPO %s s, RTO %s s, overhead %s %%: what protects it follows"
                .formatted(seconds(wish.rpoMillis()), seconds(wish.rtoMillis()), wish.overheadPercent()));
        objective.missed().forEach(sentence -> out.println("  MISSED      " + sentence));
    }

    private static String rule(GroupStatus.Checkpoints memory) {
        return "%s, %s; machines go on from one if that gives up the writes of at most %d s"
                .formatted(
                        memory.everySeconds().map("every %d s"::formatted).orElse("when somebody asks"),
                        memory.standby() == CheckpointWish.Standby.WARM ? "warm" : "cold",
                        memory.resumeWithinSeconds());
    }

    private static String sentence(GroupStatus group, GroupStatus.Checkpoints memory) {
        String trouble = memory.trouble().map("; none now: %s"::formatted).orElse("") + underWay(memory);
        if (memory.kept().isPresent()) {
            return "as of %s (position %s) is here, %s%s"
                    .formatted(
                            memory.kept().get().time(),
                            memory.kept().get().position(),
                            memory.standby() == CheckpointWish.Standby.WARM ? "warm" : "cold",
                            trouble);
        }
        if (memory.latest().isPresent()) {
            CheckpointReport latest = memory.latest().get();
            return "the last one, as of %s, came to %s: %.1f ms of standing still, %d pages in %s, %d ms; %d checkpoints, %s in all%s"
                    .formatted(
                            latest.time(),
                            group.peer(),
                            latest.pauseMicros() / 1000.0,
                            latest.pages(),
                            latest.wanBytes(),
                            latest.tookMillis(),
                            memory.taken(),
                            memory.wanBytes(),
                            trouble);
        }
        return "no checkpoint yet" + trouble;
    }

    /** The usual one is over sooner than anybody reads this. */
    private static String underWay(GroupStatus.Checkpoints memory) {
        return memory.underWayMillis()
                .filter(millis -> millis >= 1000)
                .map(millis -> "; the next one is under way since %d s".formatted(millis / 1000))
                .orElse("");
    }

    private static String sentence(GroupStatus group, FailoverTestStatus test) {
        String disks = test.point()
                .map(point -> "; its disks are as at position " + PointsText.point(point))
                .orElse("");
        return "of a failover, %s, begun %d s ago: %d of %d machines have answered%s ('godwit failover %s --end-test' ends it)"
                .formatted(
                        test.phase(),
                        test.millis() / 1_000,
                        test.answered().size(),
                        test.machines(),
                        disks,
                        group.group());
    }

    private static void print(GroupStatus.Replication replication, GroupStatus group, PrintWriter out) {
        String state = !replication.connected()
                ? "not connected"
                : replication.seeded()
                        ? "%s and %d ms behind".formatted(replication.lagBytes(), replication.lagMillis())
                        : seeding(replication);
        out.println("  replica     at %s: %s".formatted(group.peer(), state));
        replication
                .syncDisks()
                .ifPresent(sync -> out.println("  sync disks  safe at %s up to %s, %s behind"
                        .formatted(group.peer(), sync.safe(), sync.lagBytes())));
        String waiting = replication.waiting().equals("nothing") ? "nobody waits" : replication.waiting() + " wait";
        out.println("  mode        %s; %s for the replica".formatted(mode(replication.mode()), waiting));
        out.println("  would lose  %d ms of writes now, at worst %d ms"
                .formatted(replication.rpoMillis(), replication.worstRpoMillis()));
        GroupStatus.Compression compression = replication.compression();
        out.println("  sent        %s; %s of writes left out, zstd %d: %s the limit"
                .formatted(
                        replication.wanBytes(), replication.leftOutBytes(), compression.level(), limit(compression)));
        replication
                .alarms()
                .forEach(alarm -> out.println("  ALARM       %s: %s".formatted(alarm.name(), alarm.sentence())));
    }

    private static String kept(GroupStatus.Disk disk) {
        return switch (disk.diskClass()) {
            case SYNC -> "sync";
            case ASYNC -> "async: its flushes wait for nobody";
            case SCRATCH -> "scratch: of this site alone";
        };
    }

    private static String seeding(GroupStatus.Replication replication) {
        GroupStatus.Seeding seeding = replication.seeding();
        String kind = seeding.byDifference()
                ? "comparing, %s of %s, %s differed"
                        .formatted(replication.seededBytes(), replication.toSeedBytes(), seeding.sentBytes())
                : "seeding, %s of %s".formatted(replication.seededBytes(), replication.toSeedBytes());
        String left = seeding.millisLeft()
                .map(millis -> ", about %d s left".formatted((millis + 999) / 1000))
                .orElse("");
        String limit = seeding.maxRate().map(", at most %s"::formatted).orElse("");
        return kind + (seeding.paused() ? ", paused" : left) + limit;
    }

    private static String limit(GroupStatus.Compression compression) {
        return switch (compression.limit()) {
            case "link" -> "the link is";
            case "processor" -> "the processor is";
            case "both" -> "link and processor are";
            default -> "neither link nor processor is";
        };
    }

    private static String mode(ReplicationMode mode) {
        String bounds = "at most %s and %s s behind, then %s"
                .formatted(mode.maxBytes(), seconds(mode.maxMillis()), ReplicationMode.word(mode.atBound()));
        return ReplicationMode.word(mode.kind())
                + switch (mode.kind()) {
                    case ASYNC -> " (%s)".formatted(bounds);
                    case SYNC, STRICT -> " (%s when cut)".formatted(ReplicationMode.word(mode.whenCut()));
                    case ADAPTIVE -> " (objective %s s)".formatted(seconds(mode.rpoMillis()));
                };
    }

    private static String seconds(long millis) {
        return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString();
    }
}
