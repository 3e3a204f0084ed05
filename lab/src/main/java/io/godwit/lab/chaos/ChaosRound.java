package io.godwit.lab.chaos;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.lab.LabSite;
import io.godwit.lab.client.TcpCounts;
import io.godwit.lab.demo.DemoScreen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A fault is made, lasts, and is taken back; all is well again; every key of the client was looked at since. */
final class ChaosRound {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration WELL_WITHIN = Duration.ofMinutes(3);
    private static final Duration LOOKED_AT_WITHIN = Duration.ofMinutes(1);

    /** All is well when it has been for so long. */
    private static final Duration STEADY = Duration.ofSeconds(2);

    private static final Duration ANSWERED = Duration.ofSeconds(1);

    private final Inflictor inflictor;
    private final List<LabSite> sites;
    private final Promise promise;
    private final Lookout lookout;
    private final ClientWatch client;
    private final DemoScreen screen;
    private final List<String> found = new ArrayList<>();

    ChaosRound(
            Inflictor inflictor,
            List<LabSite> sites,
            Promise promise,
            Lookout lookout,
            ClientWatch client,
            DemoScreen screen) {
        this.inflictor = inflictor;
        this.sites = sites;
        this.promise = promise;
        this.lookout = lookout;
        this.client = client;
        this.screen = screen;
    }

    /** Before the first round. */
    void awaitAllWell() throws InterruptedException {
        List<String> lacks = settle(() -> {});
        if (!lacks.isEmpty()) {
            throw new GodwitException(
                    ErrorCode.FAILED, "all should be well before the first fault: " + String.join("; ", lacks));
        }
    }

    ChaosReport.Round play(int number, int of, Schedule.Entry entry) throws InterruptedException {
        LabSite owner = owner();
        LabSite other =
                sites.stream().filter(site -> !site.equals(owner)).findFirst().orElseThrow();
        Disturbance disturbance = entry.disturbance();
        Expectation expectation = entry.expectation();
        screen.step("round %d of %d, owner %s: %s, %s: %s"
                .formatted(
                        number,
                        of,
                        owner.name(),
                        disturbance.word(),
                        ChaosText.howLong(entry),
                        disturbance.sentence()));
        String expected = expectation.inWords(owner.name(), other.name());
        screen.note("expected: " + expected);
        pass(entry.after(), () -> false, () -> {});
        begin();
        TcpCounts before = client.counts();
        Recovery recovery = new Recovery(owner.name(), lookout, client);
        long struck = System.nanoTime();
        inflictor.strike(disturbance, owner, other);
        Optional<FurtherFault> further =
                entry.further().map(planned -> new FurtherFault(planned, inflictor.another(), other, owner));
        pass(
                entry.lasting(),
                () -> entry.untilServed()
                        && recovery.served().isPresent()
                        && further.stream().allMatch(FurtherFault::over),
                () -> {
                    recovery.look();
                    further.filter(FurtherFault::look)
                            .flatMap(FurtherFault::struck)
                            .ifPresent(made -> screen.note(ChaosText.further(made, other.name())));
                });
        further.ifPresent(FurtherFault::end);
        inflictor.mend();
        long mended = System.nanoTime();
        EveryKey everyKey = new EveryKey(lookout, client);
        List<String> lacks = settle(() -> {
            recovery.look();
            everyKey.look();
        });
        long well = System.nanoTime();
        Duration gap = client.longestSilence();
        SiteName after = lookout.owner().orElse(owner.name());
        Optional<String> broken = lacks.isEmpty()
                ? expectation.broken(owner.name(), after, gap).or(() -> notLookedAt(everyKey))
                : Optional.of(
                        "not all was well %d s later: %s".formatted(WELL_WITHIN.toSeconds(), String.join("; ", lacks)));
        TcpCounts now = client.counts();
        ChaosReport.Round round = new ChaosReport.Round(
                number,
                disturbance.word(),
                further.flatMap(FurtherFault::struck),
                expected,
                owner.name().value(),
                after.value(),
                lookout.term().map(Term::value).orElse(0L),
                millis(mended - struck),
                lacks.isEmpty() ? Optional.of(millis(well - mended)) : Optional.empty(),
                gap.toMillis(),
                lookout.leaderless().toMillis(),
                recovery.decided().map(Duration::toMillis),
                recovery.served().map(Duration::toMillis),
                now.lostWrites() - before.lostWrites(),
                List.copyOf(found),
                broken.or(() -> lost(before, now, mayBeLost(recovery, struck))));
        screen.step("  %s".formatted(ChaosText.outcome(round)));
        return round;
    }

    private void begin() {
        found.clear();
        lookout.newFindings();
        lookout.leaderless();
        client.beginRound();
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }

    private LabSite owner() {
        Optional<SiteName> owner = lookout.owner();
        return sites.stream()
                .filter(site -> owner.equals(Optional.of(site.name())))
                .findFirst()
                .orElseThrow(() -> new GodwitException(ErrorCode.FAILED, "no site owns the group"));
    }

    /** Returns what is not well after all that time; nothing if all is well. */
    private List<String> settle(Runnable looking) throws InterruptedException {
        long deadline = System.nanoTime() + WELL_WITHIN.toNanos();
        long wellSince = System.nanoTime();
        List<String> lacks = List.of();
        while (System.nanoTime() - wellSince < STEADY.toNanos()) {
            pass();
            looking.run();
            lacks = lacks();
            if (!lacks.isEmpty()) {
                wellSince = System.nanoTime();
                screen.live("%s | %s".formatted(client.sentence(), lacks.getFirst()));
                if (wellSince - deadline > 0) {
                    return lacks;
                }
            }
        }
        return List.of();
    }

    private List<String> lacks() {
        List<String> lacks = new ArrayList<>(Health.lacks(lookout, sites, promise));
        if (!client.answered(ANSWERED)) {
            lacks.add("the client is not answered");
        }
        return lacks;
    }

    /** Lets time pass while everything is looked at, until that is so; returns whether it is. */
    private boolean pass(Duration most, BooleanSupplier until, Runnable looking) throws InterruptedException {
        long deadline = System.nanoTime() + most.toNanos();
        while (!until.getAsBoolean() && System.nanoTime() - deadline < 0) {
            pass();
            looking.run();
        }
        return until.getAsBoolean();
    }

    private void pass() throws InterruptedException {
        client.look();
        for (String finding : lookout.newFindings()) {
            found.add(finding);
            screen.note(finding);
        }
        screen.live(client.sentence());
        Thread.sleep(POLL);
    }

    private Optional<String> notLookedAt(EveryKey everyKey) {
        try {
            return pass(LOOKED_AT_WITHIN, everyKey::done, everyKey::look)
                    ? Optional.empty()
                    : Optional.of("the client could not look at all its keys within %d s"
                            .formatted(LOOKED_AT_WITHIN.toSeconds()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** What was acknowledged within the promised time before the loss, and until the other site had the group. */
    private long mayBeLost(Recovery recovery, long struckNanos) {
        return promise.bound()
                .map(bound -> Math.max(
                        0,
                        recovery.acknowledgedWhenDecided()
                                - client.acknowledgedAt(
                                        struckNanos - bound.toNanos() - ClientWatch.EXACTNESS.toNanos())))
                .orElse(0L);
    }

    private static Optional<String> lost(TcpCounts before, TcpCounts now, long mayBeLost) {
        long lost = now.lostWrites() - before.lostWrites();
        return lost <= mayBeLost && now.wrongReads() == before.wrongReads()
                ? Optional.empty()
                : Optional.of("%d acknowledged writes are lost of which %d may be, %d values were never written"
                        .formatted(lost, mayBeLost, now.wrongReads() - before.wrongReads()));
    }
}
