package io.godwit.site.group;

import io.godwit.api.FailoverReport;
import io.godwit.api.FailoverReport.Outcome;
import io.godwit.api.FailoverReport.Recovery;
import io.godwit.api.MoveReport;
import io.godwit.core.Term;
import io.godwit.migration.FailoverState;
import io.godwit.site.files.SavedFailover;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A failover's report as it grows, and those who wait for it. Times are by this site's clock, also over a restart. */
final class FailoverMeasures {
    private final long beganEpochMillis;
    private FailoverReport report;
    private boolean served;
    private boolean ended;
    private boolean leaving;
    private final CountDownLatch stopping = new CountDownLatch(1);

    private FailoverMeasures(long beganEpochMillis, FailoverReport report) {
        this.beganEpochMillis = beganEpochMillis;
        this.report = report;
    }

    static FailoverMeasures begin(FailoverReport first) {
        return new FailoverMeasures(System.currentTimeMillis(), first);
    }

    static FailoverMeasures recall(SavedFailover saved) {
        FailoverMeasures recalled = new FailoverMeasures(saved.beganEpochMillis(), saved.soFar());
        recalled.moment("daemon restarted");
        return recalled;
    }

    long beganEpochMillis() {
        return beganEpochMillis;
    }

    synchronized FailoverReport report() {
        return report;
    }

    private long elapsed() {
        return Math.max(0, System.currentTimeMillis() - beganEpochMillis);
    }

    synchronized void moment(String event) {
        List<MoveReport.Moment> timeline = new ArrayList<>(report.timeline());
        timeline.add(new MoveReport.Moment(elapsed(), event));
        become(report.outcome(), report.term(), report.reason(), report.recovery(), timeline);
    }

    /** Whether the machines are to go on from their memory, or do. */
    synchronized boolean resuming() {
        return !report.recovery().mechanism().equals(Recovery.COLD_RESTART);
    }

    /** What became of the machines' memory. */
    synchronized void resumed(Resumption.Outcome outcome) {
        switch (outcome) {
            case NONE -> {}
            case FAILED -> {
                moment("the checkpoint could not be loaded: nothing of the disks is given up for it");
                nothingGivenUp();
                mechanism(Recovery.COLD_RESTART);
            }
            case FAILED_AFTER_GOING_BACK -> {
                moment("the checkpoint could not be loaded, and the disks are as they were then");
                mechanism(Recovery.COLD_RESTART);
            }
            case WARM -> mechanism(Recovery.WARM_STANDBY);
            case COLD -> mechanism(Recovery.CHECKPOINT);
        }
    }

    private void nothingGivenUp() {
        FailoverReport.Copy copy = report.copy();
        Recovery so = report.recovery();
        report = new FailoverReport(
                report.group(),
                report.from(),
                report.to(),
                report.outcome(),
                report.term(),
                report.reason(),
                new FailoverReport.Copy(
                        copy.shipped(),
                        copy.shipped(),
                        copy.syncDisks(),
                        copy.acknowledged(),
                        copy.behindBytes(),
                        copy.behindMillis(),
                        copy.silentMillis(),
                        copy.mode()),
                new Recovery(
                        so.detectionMillis(),
                        so.fencedMillis(),
                        so.serviceMillis(),
                        copy.behindMillis(),
                        so.acknowledgedWritesLost(),
                        so.mechanism()),
                report.risks(),
                report.timeline());
    }

    private void mechanism(String mechanism) {
        moment("mechanism: " + mechanism);
        Recovery so = report.recovery();
        outcome(
                report.outcome(),
                report.term(),
                new Recovery(
                        so.detectionMillis(),
                        so.fencedMillis(),
                        so.serviceMillis(),
                        so.rpoMillis(),
                        so.acknowledgedWritesLost(),
                        mechanism));
    }

    synchronized void entered(FailoverState state) {
        boolean known = !report.timeline().isEmpty()
                && report.timeline().getLast().event().equals(state.word());
        if (!known) {
            moment(state.word());
        }
        Recovery so = report.recovery();
        switch (state) {
            case FailoverState.Deciding _, FailoverState.Announcing _, FailoverState.Completed _ -> {}
            case FailoverState.Promoting(Term term, var _) -> outcome(Outcome.UNDER_WAY, Optional.of(term), so);
            case FailoverState.Booting(Term term, var _) ->
                outcome(
                        Outcome.UNDER_WAY,
                        Optional.of(term),
                        new Recovery(
                                so.detectionMillis(),
                                so.fencedMillis().or(() -> Optional.of(elapsed())),
                                so.serviceMillis(),
                                so.rpoMillis(),
                                so.acknowledgedWritesLost(),
                                so.mechanism()));
            case FailoverState.Alone(Term term, var _) -> {
                outcome(
                        Outcome.FAILED_OVER,
                        Optional.of(term),
                        new Recovery(
                                so.detectionMillis(),
                                so.fencedMillis(),
                                so.serviceMillis().or(() -> Optional.of(elapsed())),
                                so.rpoMillis(),
                                so.acknowledgedWritesLost(),
                                so.mechanism()));
                served = true;
            }
            case FailoverState.GivenUp(String reason) -> failed(Outcome.GIVEN_UP, reason);
            case FailoverState.Replaced _ -> failed(Outcome.REPLACED, "the other site has a newer term");
        }
        notifyAll();
    }

    private void outcome(Outcome outcome, Optional<Term> term, Recovery recovery) {
        become(outcome, term, report.reason(), recovery, report.timeline());
    }

    private void failed(Outcome outcome, String reason) {
        become(outcome, report.term(), Optional.of(reason), report.recovery(), report.timeline());
    }

    private void become(
            Outcome outcome,
            Optional<Term> term,
            Optional<String> reason,
            Recovery recovery,
            List<MoveReport.Moment> timeline) {
        report = new FailoverReport(
                report.group(),
                report.from(),
                report.to(),
                outcome,
                term,
                reason,
                report.copy(),
                recovery,
                report.risks(),
                timeline);
    }

    /** Returns when the group is served, or that won't happen. */
    synchronized FailoverReport awaitService() throws InterruptedException {
        while (!served && !ended && !leaving) {
            wait();
        }
        return report;
    }

    synchronized void end() {
        ended = true;
        notifyAll();
    }

    synchronized void leave() {
        stopping.countDown();
        leaving = true;
        notifyAll();
    }

    /** Waits a moment; returns whether the site goes on. */
    boolean rest(long millis) throws InterruptedException {
        return !stopping.await(millis, TimeUnit.MILLISECONDS);
    }
}
