package io.godwit.site.drain;

import io.godwit.api.DrainProgress;
import io.godwit.api.DrainReport;
import io.godwit.api.MoveProgress;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.migration.drain.Candidate;
import io.godwit.migration.drain.DrainPlan;
import io.godwit.migration.drain.DrainPlan.Step;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One drain of a site, which goes on by itself. It knows the groups that ran here when it began, and no others: what comes meanwhile stays.
 *
 * <pre>
 *   plan ──▶ the first move, if one fits ──▶ wait until it is decided; twice a second: plan the others, make synchronous what no longer fits
 *    ▲                                         │
 *    └─────── it has left, or was given up ◀───┘            nothing fits any more: make the rest synchronous, report
 * </pre>
 */
public final class DrainRun {
    private static final Logger LOG = System.getLogger(DrainRun.class.getName());
    static final Duration LOOK = Duration.ofMillis(500);

    private final DrainSheet sheet;
    private final DrainLog log = new DrainLog();
    private final Synchroniser synchroniser;
    private final Duration look;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Optional<Duration> deadline = Optional.empty();
    private volatile Optional<Duration> patience = Optional.empty();
    private volatile Optional<String> stopped = Optional.empty();
    private volatile @Nullable Departure underWay;

    DrainRun(DrainSheet sheet, Duration look) {
        this.sheet = sheet;
        this.look = look;
        this.synchroniser = new Synchroniser(sheet::group, log);
        sheet.explain(synchroniser::failure);
    }

    /** The times that count from now on. */
    void limit(Optional<Duration> within, Optional<Duration> patienceForMoves) {
        deadline = within.map(log.elapsed()::plus);
        patience = patienceForMoves.or(() -> patience);
    }

    void start() {
        Thread.ofPlatform().daemon().name("drain").start(this::run);
    }

    private void run() {
        try {
            synchroniser.start();
            course();
            synchroniser.finish();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException broken) {
            LOG.log(Level.ERROR, "the drain of this site ended before its time", broken);
            stopped = Optional.of("it failed: " + broken.getMessage());
        } finally {
            synchroniser.end();
            LOG.log(
                    Level.INFO,
                    "the drain of this site has ended after {0} s",
                    log.elapsed().toSeconds());
            ended.countDown();
        }
    }

    private void course() throws InterruptedException {
        while (stopped.isEmpty()) {
            DrainPlan plan = sheet.plan(Duration.ZERO, left());
            synchroniser.want(plan.toSynchronise());
            log.say(DrainText.plan(plan));
            if (plan.moves().isEmpty()) {
                return;
            }
            move(plan.moves().getFirst());
        }
    }

    private void move(Step.Move step) throws InterruptedException {
        Candidate next = step.candidate();
        Duration began = log.elapsed();
        try {
            Departure departure = sheet.depart(next, began);
            underWay = departure;
            log.say(next.group(), DrainText.leaves(next));
            await(departure, next, began);
            Duration took = log.elapsed().minus(began);
            sheet.decided(next, departure, took);
            log.say(next.group(), DrainText.decided(next, departure, took));
        } catch (GodwitException refused) {
            refused(next, refused.sentence());
        } catch (RuntimeException broken) {
            LOG.log(Level.ERROR, "group " + next.group() + " can't be moved", broken);
            refused(next, String.valueOf(broken.getMessage()));
        } finally {
            underWay = null;
        }
    }

    private void refused(Candidate candidate, String sentence) {
        sheet.refused(candidate, sentence);
        log.say(candidate.group(), "it can't be moved: " + sentence);
    }

    private void await(Departure departure, Candidate moving, Duration began) throws InterruptedException {
        while (!departure.awaitDecided(look)) {
            Duration elapsed = log.elapsed().minus(began);
            Duration busy = moving.estimate().expected().minus(elapsed);
            if (stopped.isEmpty()) {
                synchroniser.want(toSynchronise(moving.group(), busy.isPositive() ? busy : Duration.ZERO));
            }
            if (patience.filter(limit -> elapsed.compareTo(limit) > 0).isPresent()) {
                departure.takeBack("a drain had no more patience than %d s"
                        .formatted(patience.orElseThrow().toSeconds()));
            }
        }
    }

    /**
     * What no longer fits; the group that is being moved as well, once it will hardly be decided before the deadline, or its move takes longer than
     * expected: then nobody knows how long, and at the deadline it would be too late.
     */
    private List<GroupName> toSynchronise(GroupName moving, Duration busy) {
        List<GroupName> wanted = new ArrayList<>();
        boolean late = left().filter(rest -> busy.isZero() || rest.compareTo(busy) <= 0)
                .isPresent();
        if (late && sheet.canBeSynchronised(moving)) {
            wanted.add(moving);
        }
        wanted.addAll(sheet.plan(busy, left()).toSynchronise());
        return wanted;
    }

    private Optional<Duration> left() {
        return deadline.map(at -> at.minus(log.elapsed()));
    }

    /** Begins nothing more; what is under way is finished. */
    void stop(String reason) {
        if (stopped.isEmpty()) {
            stopped = Optional.of(reason);
            log.say(reason + ": what is under way is finished, and nothing more is begun");
            synchroniser.end();
        }
    }

    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        return ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /** What happened after the first so many events. */
    public List<DrainProgress> events(int known) {
        return log.after(known);
    }

    /** Where the move under way stands, if there is one. */
    public Optional<DrainProgress> moving() {
        Departure departure = underWay;
        if (departure == null) {
            return Optional.empty();
        }
        MoveProgress progress = departure.progress();
        GroupName group = progress.group();
        return Optional.of(new DrainProgress(
                log.elapsed().toMillis(), Optional.of(group), progress.note(), Optional.of(progress)));
    }

    public DrainReport report() {
        return sheet.report(hasEnded() ? DrainSheet.Stage.ENDED : DrainSheet.Stage.UNDER_WAY, left(), stopped);
    }
}
