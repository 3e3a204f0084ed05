package io.godwit.lab.overhead;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.CheckpointReport;
import io.godwit.api.CheckpointWish;
import io.godwit.api.GroupStatus;
import io.godwit.api.SiteStatus;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.lab.Lab;
import io.godwit.lab.LabAddresses;
import io.godwit.lab.LabSite;
import io.godwit.lab.LabSites;
import io.godwit.lab.Place;
import io.godwit.lab.client.ClientOptions;
import io.godwit.lab.client.ClientProcess;
import io.godwit.lab.client.ClientProgress;
import io.godwit.lab.demo.DemoScreen;
import io.godwit.lab.demo.ShownGroup;
import io.godwit.lab.wire.LinkShape;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A service at work, with checkpoints of its machine as often as is to be measured, in turns. */
final class OverheadRun {
    /** Without any first: the others are compared with it. */
    private static final List<Integer> PERIODS = List.of(0, 30, 5, 1);

    private static final Duration SHORTEST_TURN = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Lab lab;
    private final LinkShape wan;
    private final ByteCount memory;
    private final int rounds;
    private final DemoScreen screen;
    private final LabSite east;

    OverheadRun(Lab lab, LinkShape wan, ByteCount memory, int rounds, DemoScreen screen) {
        this.lab = lab;
        this.wan = wan;
        this.memory = memory;
        this.rounds = rounds;
        this.screen = screen;
        this.east = lab.site(Place.EAST);
    }

    OverheadReport run(Path disk) throws InterruptedException {
        screen.step("starting the protection group '%s' at east: one machine, %s of memory, its disk replicated to west"
                .formatted(ShownGroup.GROUP, memory));
        LabSites.api(east)
                .ask(new ApiRequest.CreateGroup(
                        ShownGroup.definition(lab.site(Place.WEST).name(), memory, disk)));
        try (ClientProcess scout = client()) {
            await(
                    "the service answers",
                    () -> scout.progress().filter(ClientProgress::working).isPresent());
        }
        await(
                "the replica is complete",
                () -> status().flatMap(GroupStatus::replication)
                        .filter(replica -> replica.connected() && replica.seeded())
                        .isPresent());
        List<Measured> all = PERIODS.stream().map(Measured::new).toList();
        try (ClientProcess client = client()) {
            for (int round = 1; round <= rounds; round++) {
                for (Measured one : all) {
                    turn(client, one, round);
                }
            }
        }
        OverheadReport.Spread undisturbed = OverheadReport.Spread.of(all.getFirst().writesPerSecond);
        return new OverheadReport(
                OverheadReport.SCHEMA,
                wan.delay().multipliedBy(2).toNanos() / 1e6,
                wan.rate().bitsPerSecond() / 1e6,
                rounds,
                all.stream().map(one -> one.row(undisturbed)).toList());
    }

    private ClientProcess client() {
        try {
            return ClientProcess.start(
                    Place.CLIENT.namespace(lab.name()).command(List.of()),
                    ClientOptions.of(LabAddresses.SERVICE),
                    lab.paths().logs().resolve("client.log"));
        } catch (IOException failed) {
            throw new GodwitException(ErrorCode.FAILED, "the client cannot be started: " + failed.getMessage(), failed);
        }
    }

    /** The first checkpoint brings all of the memory; what is measured begins after it, and for a long period with the next. */
    private void turn(ClientProcess client, Measured into, int round) throws InterruptedException {
        screen.step("round %d of %d: a checkpoint %s"
                .formatted(
                        round, rounds, into.everySeconds == 0 ? "never" : "every %d s".formatted(into.everySeconds)));
        Instant since = Instant.now();
        set(into.everySeconds);
        Duration turn = Duration.ofSeconds(into.everySeconds).plusSeconds(1);
        turn = turn.compareTo(SHORTEST_TURN) < 0 ? SHORTEST_TURN : turn;
        if (into.everySeconds > 0) {
            await(
                    "the first checkpoint is at west",
                    () -> latest().filter(first -> first.time().isAfter(since)).isPresent());
        }
        long writes = writes(client);
        long begun = System.nanoTime();
        Optional<Position> seen = latest().map(CheckpointReport::position);
        while (System.nanoTime() - begun < turn.toNanos()) {
            Thread.sleep(POLL);
            Optional<CheckpointReport> now = latest();
            if (into.everySeconds > 0 && !now.map(CheckpointReport::position).equals(seen)) {
                seen = now.map(CheckpointReport::position);
                now.ifPresent(into::add);
            }
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        double rate = (writes(client) - writes) / seconds;
        into.writesPerSecond.add(rate);
        screen.note("%.1f writes a second".formatted(rate));
        set(0);
    }

    private void set(int everySeconds) {
        CheckpointWish.Standby standby = everySeconds == 0 ? CheckpointWish.Standby.NONE : CheckpointWish.Standby.WARM;
        LabSites.api(east)
                .ask(new ApiRequest.SetCheckpoints(
                        ShownGroup.GROUP, Optional.of(everySeconds), Optional.of(standby), Optional.empty()));
    }

    private static long writes(ClientProcess client) {
        return client.progress().map(now -> now.tcp().acknowledgedWrites()).orElse(0L);
    }

    private Optional<CheckpointReport> latest() {
        return status().flatMap(GroupStatus::checkpoints).flatMap(GroupStatus.Checkpoints::latest);
    }

    private Optional<GroupStatus> status() {
        ApiReply reply = LabSites.api(east).ask(new ApiRequest.Status(Optional.of(ShownGroup.GROUP)));
        return reply instanceof ApiReply.Status(SiteStatus found)
                ? found.groups().stream().findFirst()
                : Optional.empty();
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
