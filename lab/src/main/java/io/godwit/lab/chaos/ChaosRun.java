package io.godwit.lab.chaos;

import io.godwit.api.ApiRequest;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.lab.Lab;
import io.godwit.lab.LabAddresses;
import io.godwit.lab.LabSite;
import io.godwit.lab.LabSites;
import io.godwit.lab.Place;
import io.godwit.lab.client.ClientOptions;
import io.godwit.lab.client.ClientProcess;
import io.godwit.lab.client.ClientProgress;
import io.godwit.lab.client.ClientResult;
import io.godwit.lab.demo.DemoScreen;
import io.godwit.lab.demo.ShownGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** From a lab that is up to the report: a protected service, a client that never stops, and one fault after the other. */
final class ChaosRun {
    private static final ByteCount MEMORY = ByteCount.ofMiB(256);

    /** The client goes round its keys in some seconds, so that each write is looked at again soon. */
    static final int KEYS = 256;

    private static final Duration CLIENT_PATIENCE = Duration.ofSeconds(2);
    private static final Duration BOOT_PATIENCE = Duration.ofMinutes(2);
    private static final Duration SEED_PATIENCE = Duration.ofMinutes(10);
    private static final Duration FINISH_PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Lab lab;
    private final ChaosOptions options;
    private final DemoScreen screen;
    private final List<LabSite> sites;

    ChaosRun(Lab lab, ChaosOptions options, DemoScreen screen) {
        this.lab = lab;
        this.options = options;
        this.screen = screen;
        this.sites = List.of(lab.site(Place.EAST), lab.site(Place.WEST));
    }

    ChaosReport run(Path disk) throws InterruptedException {
        LabSite east = sites.getFirst();
        screen.step("starting the protection group '%s' at east: one machine, its disk replicated to west"
                .formatted(ShownGroup.GROUP));
        LabSites.api(east)
                .ask(new ApiRequest.CreateGroup(ShownGroup.definition(
                        sites.getLast().name(), MEMORY, disk, options.promise().failover())));
        awaitService();
        try (ClientProcess client = launchClient();
                Lookout lookout =
                        new Lookout(sites, ShownGroup.GROUP, List.of(new TermsHaveOneOwner(), new OneWriter()))) {
            ClientWatch watch = new ClientWatch(client);
            protect(east, lookout);
            List<ChaosReport.Round> rounds = rounds(lookout, watch);
            screen.step("the client reads every acknowledged value back");
            return report(rounds, lookout, client.finish(FINISH_PATIENCE));
        }
    }

    private void awaitService() throws InterruptedException {
        screen.step("waiting for the service to answer at %s".formatted(LabAddresses.SERVICE));
        try (ClientProcess scout = launchClient()) {
            await(
                    "the service answers",
                    BOOT_PATIENCE,
                    () -> scout.progress().filter(ClientProgress::working).isPresent());
        }
    }

    private ClientProcess launchClient() {
        try {
            return ClientProcess.start(
                    Place.CLIENT.namespace(lab.name()).command(List.of()),
                    ClientOptions.of(LabAddresses.SERVICE)
                            .dialingAgainAfter(CLIENT_PATIENCE)
                            .overKeys(KEYS),
                    lab.paths().logs().resolve("client.log"));
        } catch (IOException failed) {
            throw new GodwitException(ErrorCode.FAILED, "the client cannot be started: " + failed.getMessage(), failed);
        }
    }

    private void protect(LabSite owner, Lookout lookout) throws InterruptedException {
        screen.step("first copy of the disk to the other site");
        await(
                "the replica is complete",
                SEED_PATIENCE,
                () -> lookout.latest(owner.name())
                        .flatMap(Sight::group)
                        .flatMap(group -> group.replication())
                        .filter(replica -> replica.connected() && replica.seeded())
                        .isPresent());
        LabSites.api(owner)
                .ask(new ApiRequest.SetMode(ShownGroup.GROUP, options.promise().mode()));
    }

    private List<ChaosReport.Round> rounds(Lookout lookout, ClientWatch client) throws InterruptedException {
        List<Schedule.Entry> entries = options.schedule().entries();
        List<ChaosReport.Round> rounds = new ArrayList<>();
        ChaosRound stage = new ChaosRound(
                new Inflictor(lab, options.lab().wan()), sites, options.promise(), lookout, client, screen);
        stage.awaitAllWell();
        for (Schedule.Entry entry : entries) {
            ChaosReport.Round round = stage.play(rounds.size() + 1, entries.size(), entry);
            rounds.add(round);
            if (round.wellMillis().isEmpty() || lookout.broken().isPresent()) {
                break;
            }
        }
        return rounds;
    }

    private ChaosReport report(List<ChaosReport.Round> rounds, Lookout lookout, ClientResult client) {
        List<String> broken = new ArrayList<>();
        rounds.forEach(round -> round.broken()
                .ifPresent(why -> broken.add("round %d, %s: %s".formatted(round.round(), round.fault(), why))));
        lookout.broken().ifPresent(broken::add);
        new NothingAcknowledgedIsLost(client.client().tcp(), lostAsPromised(rounds), client.unverifiedWrites())
                .broken()
                .ifPresent(broken::add);
        return new ChaosReport(
                ChaosReport.SCHEMA,
                options.seed(),
                rounds,
                ChaosReport.Takeovers.of(rounds),
                broken,
                client.client(),
                client.tcpGaps(),
                client.unverifiedWrites());
    }

    /** What was lost in rounds in which no more was lost than may be. */
    private static long lostAsPromised(List<ChaosReport.Round> rounds) {
        return rounds.stream()
                .filter(round -> round.broken().isEmpty())
                .mapToLong(ChaosReport.Round::lostWrites)
                .sum();
    }

    private static void await(String what, Duration patience, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new GodwitException(
                        ErrorCode.FAILED, "waited %d s in vain until %s".formatted(patience.toSeconds(), what));
            }
            Thread.sleep(POLL);
        }
    }
}
