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
    private final Lookout lookout;
    private final ClientWatch client;
    private final DemoScreen screen;
    private final List<String> found = new ArrayList<>();

    ChaosRound(Inflictor inflictor, List<LabSite> sites, Lookout lookout, ClientWatch client, DemoScreen screen) {
        this.inflictor = inflictor;
        this.sites = sites;
        this.lookout = lookout;
        this.client = client;
        this.screen = screen;
    }

    /** Before the first round. */
    void awaitAllWell() throws InterruptedException {
        List<String> lacks = settle();
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
        Expectation expectation = disturbance.expectation(entry.lasting());
        screen.step("round %d of %d, owner %s: %s, for %.1f s: %s"
                .formatted(
                        number,
                        of,
                        owner.name(),
                        disturbance.word(),
                        entry.lasting().toMillis() / 1000.0,
                        disturbance.sentence()));
        String expected = expectation.inWords(owner.name(), other.name());
        screen.note("expected: " + expected);
        begin();
        TcpCounts before = client.counts();
        long struck = System.nanoTime();
        inflictor.strike(disturbance, owner, other);
        last(entry.lasting());
        inflictor.mend();
        long mended = System.nanoTime();
        List<String> lacks = settle();
        long well = System.nanoTime();
        Duration gap = client.longestSilence();
        SiteName after = lacks.isEmpty() ? owner().name() : owner.name();
        Optional<String> broken = lacks.isEmpty()
                ? expectation.broken(owner.name(), after, gap).or(() -> lookAtEveryKey(before))
                : Optional.of(
                        "not all was well %d s later: %s".formatted(WELL_WITHIN.toSeconds(), String.join("; ", lacks)));
        ChaosReport.Round round = new ChaosReport.Round(
                number,
                disturbance.word(),
                expected,
                owner.name().value(),
                after.value(),
                term(after).map(Term::value).orElse(0L),
                millis(mended - struck),
                lacks.isEmpty() ? Optional.of(millis(well - mended)) : Optional.empty(),
                gap.toMillis(),
                lookout.leaderless().toMillis(),
                List.copyOf(found),
                broken);
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
        return sites.stream()
                .filter(site -> lookout.latest(site.name()).filter(Sight::owns).isPresent())
                .findFirst()
                .orElseThrow(() -> new GodwitException(ErrorCode.FAILED, "no site owns the group"));
    }

    private Optional<Term> term(SiteName site) {
        return lookout.latest(site).flatMap(Sight::group).map(group -> group.term());
    }

    private void last(Duration lasting) throws InterruptedException {
        long deadline = System.nanoTime() + lasting.toNanos();
        while (System.nanoTime() - deadline < 0) {
            pass();
        }
    }

    /** Returns what is not well after all that time; nothing if all is well. */
    private List<String> settle() throws InterruptedException {
        long deadline = System.nanoTime() + WELL_WITHIN.toNanos();
        long wellSince = System.nanoTime();
        List<String> lacks = List.of();
        while (System.nanoTime() - wellSince < STEADY.toNanos()) {
            pass();
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
        List<String> lacks = new ArrayList<>(Health.lacks(lookout, sites));
        if (!client.answered(ANSWERED)) {
            lacks.add("the client is not answered");
        }
        return lacks;
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

    /** The client looks at what a key holds whenever it writes to it again. */
    private Optional<String> lookAtEveryKey(TcpCounts before) {
        try {
            long deadline = System.nanoTime() + LOOKED_AT_WITHIN.toNanos();
            long enough = client.counts().acknowledgedWrites() + ChaosRun.KEYS;
            while (client.counts().acknowledgedWrites() < enough) {
                pass();
                if (System.nanoTime() - deadline > 0) {
                    return Optional.of("the client could not look at all its keys within %d s"
                            .formatted(LOOKED_AT_WITHIN.toSeconds()));
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        TcpCounts now = client.counts();
        return now.lostWrites() == before.lostWrites() && now.wrongReads() == before.wrongReads()
                ? Optional.empty()
                : new NothingAcknowledgedIsLost(now, 0).broken();
    }
}
