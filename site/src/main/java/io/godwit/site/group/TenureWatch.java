package io.godwit.site.group;

import io.godwit.api.FailoverWish;
import io.godwit.core.GodwitException;
import io.godwit.core.posix.BootClock;
import io.godwit.quorum.Detection;
import io.godwit.quorum.Evidence;
import io.godwit.quorum.Evidence.Answers;
import io.godwit.quorum.Evidence.Hearsay;
import io.godwit.quorum.Evidence.Lease;
import io.godwit.quorum.FailoverPolicy;
import io.godwit.quorum.Ownership;
import io.godwit.quorum.QuorumCommand;
import io.godwit.quorum.Readiness;
import io.godwit.quorum.Response;
import io.godwit.quorum.TenureEvent;
import io.godwit.quorum.TenureState;
import io.godwit.quorum.Verdict;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Looks at a group two or three times a second: at the owner, what the voters should know of the replica; at the other site, what has become of
 * the owner, and whether to claim the group.
 */
final class TenureWatch implements AutoCloseable {
    private static final Logger LOG = System.getLogger(TenureWatch.class.getName());
    private static final long PERIOD_MILLIS = 400;
    private static final long LEAST_MILLIS = 10;
    private static final int CONNECT_MILLIS = 500;
    private static final long SILENT_MILLIS = 3_000;
    private static final Duration CLAIM_ANSWER = Duration.ofSeconds(1);

    private final GroupAgent agent;
    private final Tenancy tenancy;
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Thread thread;
    private volatile Optional<Verdict> verdict = Optional.empty();

    TenureWatch(GroupAgent agent, Tenancy tenancy) {
        this.agent = agent;
        this.tenancy = tenancy;
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("tenure-watch-" + agent.name())
                .unstarted(this::run);
    }

    /** What the group's definition wishes now. */
    private FailoverPolicy policy() {
        FailoverWish wish = agent.record().definition().failover().orElse(FailoverWish.DEFAULT);
        FailoverPolicy usual = FailoverPolicy.DEFAULT;
        return new FailoverPolicy(
                wish.byItself(), wish.acceptsLoss(), wish.patience(), usual.deference(), usual.restarts());
    }

    void start() {
        thread.start();
    }

    /** What was found last, in a sentence. */
    Optional<String> finding() {
        return verdict.map(Verdict::sentence);
    }

    private void run() {
        try {
            do {
                look();
            } while (!ending.await(pauseMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException stopped) {
            LOG.log(Level.DEBUG, "the site is stopping", stopped);
        }
    }

    private long restNanos() {
        return tenancy.driver().watch().restNanos(tenancy.driver().margins(), BootClock.nanos());
    }

    private long pauseMillis() {
        long rest = Duration.ofNanos(restNanos()).toMillis();
        return rest > 0 ? Math.clamp(rest + 1, LEAST_MILLIS, PERIOD_MILLIS) : PERIOD_MILLIS;
    }

    private void look() {
        try {
            if (tenancy.driver().state() instanceof TenureState.Offered && !isMoving()) {
                tenancy.withdraw();
            }
            Optional<Ownership> standing = tenancy.standing();
            if (standing.isPresent() && agent.role() instanceof Serving serving && tenancy.serves()) {
                tenancy.ratings().look(serving.replicator(), standing.get().standby(agent.peer()));
            }
            tenancy.driver().watch().seen().ifPresent(this::judge);
        } catch (RuntimeException failed) {
            LOG.log(Level.ERROR, "group " + agent.name() + " is not watched well", failed);
        }
    }

    private void judge(Ownership seen) {
        boolean own = seen.owner().equals(agent.site().name());
        Readiness replica = seen.standby(agent.site().name());
        Verdict found = new Detection(policy()).judge(own ? own(seen) : evidence(seen), replica, sinceExpiry(seen));
        if (!isHandedOver() || decides(found.response())) {
            note(found);
        }
        if (found.response() instanceof Response.ClaimHere && mayClaim()) {
            boolean lossy = replica != Readiness.COMPLETE;
            tenancy.driver().enter(new TenureEvent.ClaimWish(seen, lossy && policy().acceptingLoss()));
        }
        if (found.response() instanceof Response.HandOver && !isMoving()) {
            tenancy.driver().enter(new TenureEvent.ReleaseWish());
        }
    }

    private boolean isMoving() {
        return agent.move().filter(move -> !move.hasEnded()).isPresent();
    }

    /** While a move gives the group away or takes it, a lease ends and the two sites' ways are broken: that is no news. */
    private boolean isHandedOver() {
        return isMoving()
                || (agent.role() instanceof Following following
                        && following.incoming().isPresent());
    }

    private static boolean decides(Response response) {
        return response instanceof Response.ClaimHere || response instanceof Response.HandOver;
    }

    private void note(Verdict found) {
        Optional<Verdict> last = verdict;
        verdict = Optional.of(found);
        boolean same = last.filter(old -> old.finding() == found.finding()
                        && old.response().getClass().equals(found.response().getClass()))
                .isPresent();
        if (!same) {
            LOG.log(Level.INFO, "group {0}: {1}", agent.name(), found.sentence());
        }
    }

    /** A move towards this site is decided by itself; and what can't be started here is not claimed. */
    private boolean mayClaim() {
        if (!(tenancy.driver().state() instanceof TenureState.Away)
                || !(agent.role() instanceof Following following)
                || following.incoming().isPresent()) {
            return false;
        }
        try {
            FailoverSurvey.of(agent, Optional.empty()).requireFit(agent, policy().acceptingLoss());
            return true;
        } catch (IOException | GodwitException unfit) {
            LOG.log(Level.WARNING, "group {0} is not claimed: {1}", agent.name(), unfit.getMessage());
            return false;
        }
    }

    private Duration sinceExpiry(Ownership seen) {
        long silent = tenancy.driver().watch().silentNanos(BootClock.nanos());
        return Duration.ofNanos(Math.max(0, silent - tenancy.driver().margins().waitOutNanos(seen.lease())));
    }

    private Evidence own(Ownership seen) {
        boolean silent =
                agent.role() instanceof Serving serving && serving.services().silent();
        return evidence(
                seen,
                tenancy.serves() ? Lease.LASTS : Lease.WAITED_OUT,
                Answers.ANSWERS,
                machines(),
                silent ? Evidence.Probe.SILENT : Evidence.Probe.NOT_ASKED);
    }

    /** Of the machines here only that is said which no restart of theirs could mend. */
    private Evidence.Machines machines() {
        Optional<String> failure = agent.role() instanceof Serving serving
                ? serving.store().status().failure()
                : Optional.empty();
        return failure.<Evidence.Machines>map(Evidence.Machines.WithoutDisks::new)
                .orElseGet(Evidence.Machines.Unknown::new);
    }

    /** Nobody is probed while the voters see the lease renewed. */
    private Evidence evidence(Ownership seen) {
        if (claimIsUnanswered()) {
            return evidence(seen, Lease.UNKNOWN, Answers.SILENT);
        }
        if (restNanos() > 0) {
            boolean heard = agent.watch()
                    .news()
                    .filter(news -> news.silentMillis() < SILENT_MILLIS)
                    .isPresent();
            return evidence(seen, Lease.LASTS, heard ? Answers.ANSWERS : Answers.SILENT);
        }
        return evidence(seen, Lease.WAITED_OUT, probe());
    }

    /** A majority that doesn't answer a claim is one that this site doesn't hear. */
    private boolean claimIsUnanswered() {
        return tenancy.driver().state() instanceof TenureState.Asking asking
                && asking.command() instanceof QuorumCommand.Claim
                && BootClock.nanos() - asking.sentNanos() > CLAIM_ANSWER.toNanos();
    }

    /** What the other voters know of the owner is what was agreed: most of them have taken a renewal, or no such was taken. */
    private Evidence evidence(Ownership seen, Lease lease, Answers link) {
        return evidence(seen, lease, link, new Evidence.Machines.Unknown(), Evidence.Probe.NOT_ASKED);
    }

    private Evidence evidence(
            Ownership seen, Lease lease, Answers link, Evidence.Machines machines, Evidence.Probe service) {
        return new Evidence(
                agent.name(),
                agent.site().name(),
                seen.owner(),
                lease,
                link,
                lease == Lease.LASTS ? Hearsay.HEARS_THE_OWNER : Hearsay.HEARS_NOTHING,
                machines,
                seen.completeBut(agent.site().name()),
                service);
    }

    /** Whether anything listens where the owner's daemon should; the kernel of a host whose daemon hangs says that it does. */
    private Answers probe() {
        try (Socket socket = new Socket()) {
            InetSocketAddress address = agent.site()
                    .identity()
                    .peers()
                    .require(agent.peer())
                    .address()
                    .resolve();
            socket.connect(address, CONNECT_MILLIS);
            return Answers.ANSWERS;
        } catch (ConnectException refused) {
            return Answers.REFUSES;
        } catch (IOException | GodwitException silent) {
            return Answers.SILENT;
        }
    }

    @Override
    public void close() {
        ending.countDown();
        try {
            thread.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
