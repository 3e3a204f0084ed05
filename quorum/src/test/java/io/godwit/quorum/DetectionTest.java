package io.godwit.quorum;

import static io.godwit.quorum.Shop.EAST;
import static io.godwit.quorum.Shop.SHOP;
import static io.godwit.quorum.Shop.WEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.SiteName;
import io.godwit.quorum.Evidence.Answers;
import io.godwit.quorum.Evidence.Hearsay;
import io.godwit.quorum.Evidence.Lease;
import io.godwit.quorum.Evidence.Machines;
import io.godwit.quorum.Evidence.Probe;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** West looks at east, which owns the group. */
class DetectionTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Evidence WELL = new Evidence(
            SHOP,
            WEST,
            EAST,
            Lease.LASTS,
            Answers.ANSWERS,
            Hearsay.HEARS_THE_OWNER,
            new Machines.Run(),
            Optional.empty(),
            Probe.ANSWERS);

    private static final FailoverPolicy LENIENT =
            new FailoverPolicy(true, true, Duration.ofSeconds(3), Duration.ofSeconds(10), 0);

    private final Detection detection = new Detection(FailoverPolicy.DEFAULT);

    @Test
    void aSiteThatNobodyHearsAndThatDoesNotRenewIsLost() {
        found(Finding.LOST_SITE, new Response.ClaimHere(), lost());
        assertThat(judge(lost(), Readiness.COMPLETE, Duration.ZERO).sentence())
                .isEqualTo("nobody hears east any more, and its lease of group shop is over: west takes over;"
                        + " every acknowledged write is there");
    }

    @Test
    void aLinkThatIsDownIsNoReasonToMove() {
        found(Finding.LOST_LINK, new Response.Nothing(), with(Lease.LASTS, Answers.SILENT, Hearsay.HEARS_THE_OWNER));
        found(Finding.LOST_LINK, new Response.Nothing(), with(Lease.LASTS, Answers.SILENT, Hearsay.NOT_ASKED));
    }

    @Test
    void aWitnessThatIsAwayIsNoReasonToMove() {
        found(Finding.LOST_WITNESS, new Response.Nothing(), with(Lease.LASTS, Answers.ANSWERS, Hearsay.NOT_ASKED));
    }

    @Test
    void whoHearsNoMajorityDoesNothing() {
        found(Finding.CUT_OFF, new Response.AskOperator(), with(Lease.UNKNOWN, Answers.SILENT, Hearsay.NOT_ASKED));
    }

    @Test
    void aDaemonThatRestartsHasATimeToComeBack() {
        Evidence refused = with(Lease.WAITED_OUT, Answers.REFUSES, Hearsay.HEARS_NOTHING);
        Verdict first = judge(refused, Readiness.COMPLETE, Duration.ofMillis(500));
        assertThat(first.finding()).isEqualTo(Finding.DEAD_DAEMON);
        assertThat(first.response()).isEqualTo(new Response.Wait(Duration.ofMillis(2_500)));
        assertThat(judge(refused, Readiness.COMPLETE, LONG).response()).isEqualTo(new Response.ClaimHere());
    }

    @Test
    void anOwnerThatIsHeardAndDoesNotRenewIsStuck() {
        Evidence heard = with(Lease.WAITED_OUT, Answers.SILENT, Hearsay.HEARS_THE_OWNER);
        assertThat(judge(heard, Readiness.COMPLETE, Duration.ZERO).finding()).isEqualTo(Finding.STUCK_OWNER);
        assertThat(judge(heard, Readiness.COMPLETE, LONG).response()).isEqualTo(new Response.ClaimHere());
    }

    @Test
    void aReplicaThatLacksAcknowledgedWritesTakesOverOnlyWhereLossIsAccepted() {
        assertThat(judge(lost(), Readiness.BEHIND, LONG).response()).isEqualTo(new Response.AskOperator());
        assertThat(judge(lost(), Readiness.UNFIT, LONG).response()).isEqualTo(new Response.AskOperator());
        Detection lenient = new Detection(LENIENT);
        assertThat(lenient.judge(lost(), Readiness.BEHIND, LONG).response()).isEqualTo(new Response.ClaimHere());
    }

    @Test
    void whoLacksWritesLeavesThePrecedenceToWhoLacksNone() {
        Detection lenient = new Detection(LENIENT);
        Evidence lost = new Evidence(
                SHOP,
                WEST,
                EAST,
                Lease.WAITED_OUT,
                Answers.SILENT,
                Hearsay.HEARS_NOTHING,
                new Machines.Unknown(),
                Optional.of(new SiteName("north")),
                Probe.NOT_ASKED);
        Verdict early = lenient.judge(lost, Readiness.BEHIND, Duration.ofSeconds(4));
        assertThat(early.response()).isEqualTo(new Response.Wait(Duration.ofSeconds(6)));
        assertThat(early.sentence())
                .endsWith(
                        "north has every acknowledged write and has 6000 ms to take over, before west does, which lacks some");
        assertThat(lenient.judge(lost, Readiness.BEHIND, Duration.ofSeconds(10)).response())
                .as("but a service isn't left standing for it")
                .isEqualTo(new Response.ClaimHere());
        assertThat(lenient.judge(lost, Readiness.COMPLETE, Duration.ZERO).response())
                .as("who lacks none waits for nobody")
                .isEqualTo(new Response.ClaimHere());
    }

    @Test
    void patienceWithTheOwnerComesBeforePrecedence() {
        Detection lenient = new Detection(LENIENT);
        Evidence refused = new Evidence(
                SHOP,
                WEST,
                EAST,
                Lease.WAITED_OUT,
                Answers.REFUSES,
                Hearsay.HEARS_NOTHING,
                new Machines.Unknown(),
                Optional.of(new SiteName("north")),
                Probe.NOT_ASKED);
        assertThat(lenient.judge(refused, Readiness.BEHIND, Duration.ofSeconds(12))
                        .response())
                .isEqualTo(new Response.Wait(Duration.ofSeconds(1)));
        assertThat(lenient.judge(refused, Readiness.BEHIND, Duration.ofSeconds(13))
                        .response())
                .isEqualTo(new Response.ClaimHere());
    }

    @Test
    void aMachineThatEndedIsStartedWhereItIsBeforeItIsMoved() {
        found(Finding.DEAD_MACHINE, new Response.RestartThere("redis"), ended(0));
        found(Finding.DEAD_MACHINE, new Response.HandOver(), ended(3));
    }

    @Test
    void anOwnerWhoseStorageFailedGivesTheGroupUpIfAnotherSiteMayTakeIt() {
        found(Finding.DEAD_DISK, new Response.HandOver(), withoutDisks(Optional.of(WEST)));
        found(Finding.DEAD_DISK, new Response.AskOperator(), withoutDisks(Optional.empty()));
        Detection lossy =
                new Detection(new FailoverPolicy(true, true, Duration.ofSeconds(3), Duration.ofSeconds(10), 3));
        assertThat(lossy.judge(withoutDisks(Optional.empty()), Readiness.UNFIT, Duration.ZERO)
                        .response())
                .isEqualTo(new Response.HandOver());
        Detection manual =
                new Detection(new FailoverPolicy(false, true, Duration.ofSeconds(3), Duration.ofSeconds(10), 3));
        assertThat(manual.judge(withoutDisks(Optional.of(WEST)), Readiness.UNFIT, Duration.ZERO)
                        .response())
                .isEqualTo(new Response.AskOperator());
    }

    @Test
    void aServiceThatDoesNotAnswerIsNotCuredByMovingIt() {
        Evidence silent = new Evidence(
                SHOP,
                WEST,
                EAST,
                Lease.LASTS,
                Answers.ANSWERS,
                Hearsay.HEARS_THE_OWNER,
                new Machines.Run(),
                Optional.empty(),
                Probe.SILENT);
        found(Finding.SILENT_SERVICE, new Response.AskOperator(), silent);
    }

    @Test
    void whenAllIsWellNothingIsDone() {
        found(Finding.WELL, new Response.Nothing(), WELL);
    }

    private static Evidence lost() {
        return with(Lease.WAITED_OUT, Answers.SILENT, Hearsay.HEARS_NOTHING);
    }

    private static Evidence ended(int restarts) {
        return new Evidence(
                SHOP,
                EAST,
                EAST,
                Lease.LASTS,
                Answers.ANSWERS,
                Hearsay.HEARS_THE_OWNER,
                new Machines.Ended("redis", restarts),
                Optional.empty(),
                Probe.SILENT);
    }

    private static Evidence withoutDisks(Optional<SiteName> complete) {
        return new Evidence(
                SHOP,
                EAST,
                EAST,
                Lease.LASTS,
                Answers.ANSWERS,
                Hearsay.HEARS_THE_OWNER,
                new Machines.WithoutDisks("Input/output error"),
                complete,
                Probe.NOT_ASKED);
    }

    private static Evidence with(Lease lease, Answers link, Hearsay witness) {
        return new Evidence(
                SHOP, WEST, EAST, lease, link, witness, new Machines.Unknown(), Optional.empty(), Probe.NOT_ASKED);
    }

    private Verdict judge(Evidence seen, Readiness replica, Duration sinceExpiry) {
        return detection.judge(seen, replica, sinceExpiry);
    }

    private void found(Finding finding, Response response, Evidence seen) {
        Verdict verdict = judge(seen, Readiness.COMPLETE, LONG);
        assertThat(verdict.finding()).isEqualTo(finding);
        assertThat(verdict.response()).isEqualTo(response);
        assertThat(verdict.sentence()).isNotBlank();
    }
}
