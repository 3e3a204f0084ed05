package io.godwit.lab.demo;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.CheckpointWish;
import io.godwit.api.FailoverReport;
import io.godwit.api.GroupStatus;
import io.godwit.api.ReplicationMode;
import io.godwit.api.SetAsideReport;
import io.godwit.api.SiteStatus;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.VmName;
import io.godwit.lab.Lab;
import io.godwit.lab.LabSite;
import io.godwit.lab.LabSites;
import io.godwit.lab.PowerLoss;
import io.godwit.lab.client.ClientProcess;
import io.godwit.lab.client.ClientProgress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/** The loss of a whole site, the decision at the other one, its own or that of the demonstration's operator, and the return of the first. */
final class Outage {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(50);

    /** The operator is told that the service is silent, looks, and decides after so long. */
    private static final Duration NOTICED = Duration.ofSeconds(2);

    /** The voters hear within a moment that nothing acknowledged is missing at the other site from now on. */
    private static final Duration RATED = Duration.ofSeconds(3);

    private final GroupName group;
    private final LabSite lost;
    private final LabSite left;
    private final boolean voting;
    private final Optional<CheckpointWish> checkpoints;
    private final DemoScreen screen;
    private final PowerLoss power;

    Outage(
            Lab lab,
            GroupName group,
            LabSite lost,
            LabSite left,
            boolean voting,
            Optional<CheckpointWish> checkpoints,
            DemoScreen screen) {
        this.group = group;
        this.lost = lost;
        this.left = left;
        this.voting = voting;
        this.checkpoints = checkpoints;
        this.screen = screen;
        this.power = new PowerLoss(lab, lost);
    }

    /** From the loss until the client's writes are acknowledged again; the report has what only the client can know, but for what is lost. */
    FailoverReport strike(VmName vm, ClientProcess client) throws InterruptedException {
        if (checkpoints.isPresent()) {
            awaitCheckpoint();
        } else {
            setMode();
        }
        screen.step("%s loses power: its daemon, its router's BGP, its machine are gone, its links are dead"
                .formatted(lost.name()));
        long struck = System.nanoTime();
        power.strike();
        if (voting) {
            awaitDecision();
        } else {
            decide();
        }
        long decided = System.nanoTime();
        FailoverReport report = ask(true);
        screen.note("'%s' runs at %s in term %s: %s"
                .formatted(
                        group,
                        left.name(),
                        report.term().map(Object::toString).orElse("?"),
                        report.recovery().mechanism()));
        long acknowledged = acknowledged(client);
        await("the service answers at " + left.name(), () -> {
            screen.live("booting");
            return acknowledged(client) > acknowledged;
        });
        long served = System.nanoTime();
        screen.step(
                "the client's writes are acknowledged again, %.1f s after the loss".formatted((served - struck) / 1e9));
        return withTimes(report, millis(decided - struck), millis(served - struck));
    }

    /** Also the second, which only brings what has changed since the first. */
    private void awaitCheckpoint() throws InterruptedException {
        screen.step("mode async: a flush returns when it is safe at %s; the machine's memory goes over every %d s"
                .formatted(lost.name(), checkpoints.orElseThrow().everySeconds().orElseThrow()));
        await("two checkpoints of the memory are at " + left.name(), () -> {
            Optional<GroupStatus.Checkpoints> now = status(lost).flatMap(GroupStatus::checkpoints);
            now.flatMap(GroupStatus.Checkpoints::trouble).ifPresent(screen::live);
            return now.filter(taken -> taken.taken() > 1).isPresent();
        });
        status(lost)
                .flatMap(GroupStatus::checkpoints)
                .flatMap(GroupStatus.Checkpoints::latest)
                .ifPresent(latest -> screen.note(
                        "the last one: the machine stood still for %.1f ms, %d pages went over in %s, it took %d ms"
                                .formatted(
                                        latest.pauseMicros() / 1000.0,
                                        latest.pages(),
                                        latest.wanBytes(),
                                        latest.tookMillis())));
    }

    /** The site that is left finds out by itself, and says what it found. */
    private void awaitDecision() throws InterruptedException {
        screen.step("nobody does anything: %s watches the owner's lease run out".formatted(left.name()));
        AtomicReference<String> said = new AtomicReference<>("");
        await(left.name() + " has taken the group over", () -> {
            Optional<GroupStatus> now = status(left);
            now.flatMap(GroupStatus::tenure)
                    .flatMap(GroupStatus.Tenure::finding)
                    .filter(finding -> !finding.equals(said.getAndSet(finding)))
                    .ifPresent(screen::note);
            screen.live("waiting");
            return now.filter(group -> group.owner().equals(left.name())).isPresent();
        });
        screen.step("the voters gave '%s' to %s".formatted(group, left.name()));
    }

    private void decide() throws InterruptedException {
        Thread.sleep(NOTICED);
        screen.step(
                "the operator asks %s what a failover would mean: ./godwit failover %s".formatted(left.name(), group));
        ask(false).risks().forEach(risk -> screen.note("- " + risk));
        screen.step("the operator decides: ./godwit failover %s --yes".formatted(group));
    }

    private void setMode() throws InterruptedException {
        screen.step(
                "mode sync: a flush returns when it is safe at both sites, and nothing that was acknowledged can be lost");
        LabSites.api(lost)
                .ask(new ApiRequest.SetMode(
                        group,
                        new ReplicationMode.Wish(
                                ReplicationMode.Kind.SYNC,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())));
        if (voting) {
            Thread.sleep(RATED);
        }
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }

    private static FailoverReport withTimes(FailoverReport report, long detection, long service) {
        FailoverReport.Recovery known = report.recovery();
        return new FailoverReport(
                report.group(),
                report.from(),
                report.to(),
                report.outcome(),
                report.term(),
                report.reason(),
                report.copy(),
                new FailoverReport.Recovery(
                        Optional.of(detection),
                        known.fencedMillis().map(fenced -> detection + fenced),
                        Optional.of(service),
                        known.rpoMillis(),
                        known.acknowledgedWritesLost(),
                        known.mechanism()),
                report.risks(),
                report.timeline());
    }

    private FailoverReport ask(boolean confirmed) {
        ApiReply reply = LabSites.api(left)
                .ask(new ApiRequest.FailOver(group, Optional.of(left.name()), Optional.empty(), confirmed, false));
        if (reply instanceof ApiReply.FailedOver(FailoverReport report)) {
            return report;
        }
        throw new GodwitException(ErrorCode.CORRUPT, "the site answered a failover with " + reply);
    }

    private static long acknowledged(ClientProcess client) {
        return client.progress()
                .map(ClientProgress::tcp)
                .map(tcp -> tcp.acknowledgedWrites())
                .orElse(0L);
    }

    /** The site has power again: it must find itself replaced, and become the replica by difference. */
    void end(ClientProcess client) throws InterruptedException {
        screen.step("%s has power again; as far as it knows, the group is its own".formatted(lost.name()));
        power.end();
        await(lost.name() + " has given way", () -> {
            screen.live("%s starts".formatted(lost.name()));
            return status(lost)
                    .filter(group ->
                            group.owner().equals(left.name()) && group.vms().isEmpty())
                    .isPresent();
        });
        screen.step("%s knows that it was replaced, and follows".formatted(lost.name()));
        await(lost.name() + " is the replica", () -> {
            screen.live("%s catches up".formatted(lost.name()));
            return status(left)
                    .filter(group -> group.trouble().isEmpty())
                    .flatMap(GroupStatus::replication)
                    .filter(replica -> replica.connected() && replica.seeded())
                    .isPresent();
        });
        String sent = status(left)
                .flatMap(GroupStatus::replication)
                .filter(replica -> replica.toSeedBytes().bytes() > 0)
                .map(replica -> "%s of %s differed".formatted(replica.seeding().sentBytes(), replica.toSeedBytes()))
                .orElse("the log had all that it lacked");
        screen.step("%s is up to date; %s, %s set aside there".formatted(lost.name(), sent, setAside()));
    }

    private String setAside() {
        ApiReply reply = LabSites.api(lost).ask(new ApiRequest.ListSetAside(group));
        List<SetAsideReport.Entry> entries =
                reply instanceof ApiReply.SetAside(SetAsideReport report) ? report.entries() : List.of();
        return entries.isEmpty() ? "nothing is" : entries.size() + " range of its log is";
    }

    private Optional<GroupStatus> status(LabSite site) {
        try {
            ApiReply reply = LabSites.api(site).ask(new ApiRequest.Status(Optional.of(group)));
            return reply instanceof ApiReply.Status(SiteStatus found)
                    ? found.groups().stream().findFirst()
                    : Optional.empty();
        } catch (GodwitException away) {
            return Optional.empty();
        }
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new GodwitException(
                        ErrorCode.FAILED, "waited %d s in vain until %s".formatted(PATIENCE.toSeconds(), what));
            }
            Thread.sleep(POLL);
        }
    }
}
