package io.godwit.lab.demo;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.FailoverReport;
import io.godwit.api.GroupDefinition;
import io.godwit.api.GroupStatus;
import io.godwit.api.MoveFollower;
import io.godwit.api.MoveOptions;
import io.godwit.api.MoveReport;
import io.godwit.api.SiteStatus;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.VmName;
import io.godwit.lab.Lab;
import io.godwit.lab.LabAddresses;
import io.godwit.lab.LabSite;
import io.godwit.lab.LabSites;
import io.godwit.lab.Place;
import io.godwit.lab.client.ClientOptions;
import io.godwit.lab.client.ClientProcess;
import io.godwit.lab.client.ClientProgress;
import io.godwit.lab.client.ClientResult;
import io.godwit.lab.client.Gap;
import io.godwit.lab.wire.LinkShape;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** The demonstration from a lab that is up to its report. */
final class Demo {
    private static final GroupName GROUP = ShownGroup.GROUP;
    private static final VmName VM = ShownGroup.VM;
    private static final Duration BOOT_PATIENCE = Duration.ofMinutes(2);
    private static final Duration SEED_PATIENCE = Duration.ofMinutes(10);
    private static final Duration POLL = Duration.ofMillis(200);

    /** How long the client works before the first move, between moves and after the last. */
    private static final Duration QUIET = Duration.ofSeconds(3);

    /** A client of a site that may be lost gives a silent connection up after so long. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final int MOST_PLACED = 5;
    private static final int MOST_GAPS = 8;
    private static final Duration FINISH_PATIENCE = Duration.ofMinutes(3);

    private final Lab lab;
    private final DemoOptions options;
    private final DemoScreen screen;
    private final LabSite east;
    private final LabSite west;
    private final Optional<FaultInjector> fault;
    private final List<MoveReport> moves = new ArrayList<>();
    private final List<Long> moveBegan = new ArrayList<>();
    private Optional<FailoverReport> failover = Optional.empty();

    Demo(Lab lab, DemoOptions options, DemoScreen screen) {
        this.lab = lab;
        this.options = options;
        this.screen = screen;
        this.east = lab.site(Place.EAST);
        this.west = lab.site(Place.WEST);
        this.fault = options.fault().map(chosen -> new FaultInjector(lab, east, west, GROUP, VM, chosen, screen));
    }

    DemoReport run(Path image) throws InterruptedException {
        screen.step("starting the protection group '%s' at east: one machine, %s of memory, its disk replicated to west"
                .formatted(GROUP, options.memory()));
        LabSites.api(east).ask(new ApiRequest.CreateGroup(definition(image)));
        awaitSeedingFault();
        try (ClientProcess client = startClient()) {
            awaitSeeded(client);
            work(client);
            switch (options.scenario()) {
                case PLANNED -> move(client, east, west);
                case THERE_AND_BACK -> thereAndBack(client);
                case UNPLANNED -> loseAndRegain(client);
            }
            work(client);
            awaitMended();
            screen.step("the client reads every acknowledged value back");
            return report(client.finish(FINISH_PATIENCE));
        }
    }

    private GroupDefinition definition(Path image) {
        return options.checkpoints()
                .map(wish -> ShownGroup.definition(west.name(), options.memory(), image, wish))
                .orElseGet(() -> ShownGroup.definition(west.name(), options.memory(), image));
    }

    private void thereAndBack(ClientProcess client) throws InterruptedException {
        move(client, east, west);
        if (moved()) {
            awaitReplicatedBack(client);
            work(client);
            move(client, west, east);
        }
    }

    private void loseAndRegain(ClientProcess client) throws InterruptedException {
        Outage outage = new Outage(lab, GROUP, east, west, options.witness(), options.checkpoints(), screen);
        failover = Optional.of(outage.strike(VM, client));
        work(client);
        outage.end(client);
        work(client);
        move(client, west, east);
    }

    private void awaitSeedingFault() throws InterruptedException {
        if (fault.isPresent() && fault.get().fault().moment() == Fault.Moment.SEEDING) {
            await("the first copy has begun", BOOT_PATIENCE, () -> {
                Optional<GroupStatus.Replication> replication = replication(east);
                replication.ifPresent(status -> screen.live("waiting for the first copy"));
                return replication
                        .filter(status ->
                                status.connected() && status.seededBytes().bytes() > 0)
                        .isPresent();
            });
            fault.get().phase(Fault.Moment.SEEDING.name().toLowerCase(Locale.ROOT));
        }
    }

    private ClientProcess startClient() throws InterruptedException {
        screen.step("waiting for the service to answer at %s, across the core network".formatted(LabAddresses.SERVICE));
        try (ClientProcess scout = launchClient()) {
            awaitWorking(scout);
        }
        ClientProcess client = launchClient();
        awaitWorking(client);
        screen.step(
                "the client is at work: one TCP connection, writes as fast as they are acknowledged, UDP probes beside it");
        return client;
    }

    private void awaitWorking(ClientProcess client) throws InterruptedException {
        await("the service answers", BOOT_PATIENCE, () -> {
            screen.live("booting");
            return client.progress().filter(ClientProgress::working).isPresent();
        });
    }

    private ClientProcess launchClient() {
        try {
            return ClientProcess.start(
                    Place.CLIENT.namespace(lab.name()).command(List.of()),
                    options.scenario() == DemoOptions.Scenario.UNPLANNED
                            ? ClientOptions.of(LabAddresses.SERVICE).dialingAgainAfter(SOON)
                            : ClientOptions.of(LabAddresses.SERVICE),
                    lab.paths().logs().resolve("client.log"));
        } catch (IOException failed) {
            throw new GodwitException(ErrorCode.FAILED, "the client cannot be started: " + failed.getMessage(), failed);
        }
    }

    private void awaitSeeded(ClientProcess client) throws InterruptedException {
        screen.step("first copy of the disk to west, while the guest writes");
        await("the replica is complete", SEED_PATIENCE, () -> {
            Optional<GroupStatus.Replication> replication = replication(east);
            replication.ifPresent(status -> screen.live(
                    "seeded %s of %s | %s".formatted(status.seededBytes(), status.toSeedBytes(), sentence(client))));
            return replication.filter(GroupStatus.Replication::seeded).isPresent();
        });
    }

    private void awaitReplicatedBack(ClientProcess client) throws InterruptedException {
        screen.step("replication back to east");
        await("east is up to date", SEED_PATIENCE, () -> {
            screen.live(sentence(client));
            return replication(west)
                    .filter(status -> status.connected() && status.seeded())
                    .isPresent();
        });
    }

    private void move(ClientProcess client, LabSite from, LabSite to) throws InterruptedException {
        screen.step("moving '%s' from %s to %s".formatted(GROUP, from.name(), to.name()));
        Optional<FaultInjector> during =
                fault.filter(chosen -> moves.isEmpty() && chosen.fault().moment() != Fault.Moment.SEEDING);
        MoveOptions how = new MoveOptions(
                options.compare(), during.map(chosen -> chosen.fault().phase()), Optional.empty());
        long began = System.currentTimeMillis();
        MoveReport report = new MoveFollower(LabSites.api(from)).migrate(GROUP, to.name(), how, progress -> {
            screen.progress(progress, sentence(client));
            during.ifPresent(chosen -> chosen.phase(progress.phase()));
        });
        moves.add(report);
        moveBegan.add(began);
        screen.step(
                report.outcome() == MoveReport.Outcome.MIGRATED
                        ? "'%s' runs at %s; the guest stood still for %d ms"
                                .formatted(GROUP, to.name(), report.server().pauseMillis())
                        : "'%s' stays at %s: %s"
                                .formatted(GROUP, from.name(), report.reason().orElse("")));
    }

    private static String sentence(ClientProcess client) {
        return client.progress().map(Demo::sentence).orElse("client: starting");
    }

    private static String sentence(ClientProgress now) {
        return String.format(
                Locale.ROOT,
                "client: %,d writes, UDP %.1f ms%s",
                now.tcp().acknowledgedWrites(),
                now.roundTripMillis(),
                now.tcpSilentMillis() > 500 ? ", silent for %d ms".formatted(now.tcpSilentMillis()) : "");
    }

    private boolean moved() {
        return moves.getLast().outcome() == MoveReport.Outcome.MIGRATED;
    }

    private void work(ClientProcess client) throws InterruptedException {
        long deadline = System.nanoTime() + QUIET.toNanos();
        while (System.nanoTime() < deadline) {
            screen.live(sentence(client));
            Thread.sleep(POLL);
        }
    }

    private void awaitMended() throws InterruptedException {
        if (fault.isPresent()) {
            fault.get().awaitMended();
            if (!fault.get().hasStruck()) {
                throw new GodwitException(
                        ErrorCode.FAILED,
                        "the move never was in the phase for which the fault %s was meant"
                                .formatted(fault.get().fault()));
            }
        }
    }

    private static Optional<GroupStatus.Replication> replication(LabSite site) {
        try {
            ApiReply reply = LabSites.api(site).ask(new ApiRequest.Status(Optional.of(GROUP)));
            return reply instanceof ApiReply.Status(SiteStatus status)
                    ? status.groups().stream()
                            .flatMap(group -> group.replication().stream())
                            .findFirst()
                    : Optional.empty();
        } catch (GodwitException away) {
            return Optional.empty();
        }
    }

    private static void await(String what, Duration patience, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new GodwitException(
                        ErrorCode.FAILED, "waited %d s in vain until %s".formatted(patience.toSeconds(), what));
            }
            Thread.sleep(POLL);
        }
    }

    /** Says where in the story the client's worst moments were. */
    private void place(ClientResult client) {
        client.lostProbesAtEpochMillis().stream()
                .limit(MOST_PLACED)
                .forEach(at -> screen.note("a probe was lost " + story(at)));
        client.tcpGaps().stream()
                .limit(1)
                .forEach(gap -> screen.note(
                        "the longest wait for an acknowledgement began " + story(gap.beganAtEpochMillis())));
    }

    private List<DemoReport.Placed> placed(List<Gap> gaps) {
        return gaps.stream()
                .limit(MOST_GAPS)
                .map(gap -> new DemoReport.Placed(gap.beganAtEpochMillis() - moveBegan.getFirst(), gap.millis()))
                .toList();
    }

    private String story(long epochMillis) {
        for (int move = moves.size() - 1; move >= 0; move--) {
            if (epochMillis >= moveBegan.get(move)) {
                return "%.3f s into the move to %s"
                        .formatted(
                                (epochMillis - moveBegan.get(move)) / 1000.0,
                                moves.get(move).to());
            }
        }
        return failover.isPresent() ? "before the move home, as the site was lost" : "before the first move";
    }

    private static FailoverReport.Recovery recovery(FailoverReport failover, ClientResult client) {
        FailoverReport.Recovery known = failover.recovery();
        return new FailoverReport.Recovery(
                known.detectionMillis(),
                known.fencedMillis(),
                known.serviceMillis(),
                known.rpoMillis(),
                Optional.of(client.client().tcp().lostWrites()),
                known.mechanism());
    }

    private DemoReport report(ClientResult client) {
        place(client);
        MoveReport last = moves.getLast();
        LinkShape wan = options.lab().wan();
        return new DemoReport(
                DemoReport.SCHEMA,
                options.scenario().word(),
                failover.map(FailoverReport::outcome)
                        .map(FailoverReport.Outcome::word)
                        .orElse(last.outcome().word()),
                last.serving().value(),
                last.reason(),
                options.fault().map(Fault::toString),
                new DemoReport.Link(
                        wan.delay().multipliedBy(2).toNanos() / 1e6,
                        wan.rate().bitsPerSecond() / 1e6,
                        wan.lossPercent()),
                client.client(),
                new DemoReport.Gaps(placed(client.tcpGaps()), placed(client.udpGaps())),
                client.unverifiedWrites(),
                last.server(),
                last.storage(),
                last.network(),
                last.timeline(),
                moves,
                failover.map(known -> recovery(known, client)),
                failover);
    }
}
