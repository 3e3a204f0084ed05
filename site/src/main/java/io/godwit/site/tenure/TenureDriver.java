package io.godwit.site.tenure;

import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.core.posix.BootClock;
import io.godwit.quorum.LeaseWatch;
import io.godwit.quorum.Margins;
import io.godwit.quorum.Ownership;
import io.godwit.quorum.Promises;
import io.godwit.quorum.Quorum;
import io.godwit.quorum.QuorumAnswer;
import io.godwit.quorum.QuorumCommand;
import io.godwit.quorum.Session;
import io.godwit.quorum.TenureEffect;
import io.godwit.quorum.TenureEvent;
import io.godwit.quorum.TenureMachine;
import io.godwit.quorum.TenureState;
import io.godwit.quorum.TenureStep;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The one owner of a site's {@link TenureState} for a group: enters events one by one, with the time of the host's clock, and begins the
 * effects in order. What takes long happens elsewhere: questions to the voters on threads of their own, serving and stopping at the {@link
 * DutyRoster}. So renewals go on whatever else does.
 */
public final class TenureDriver implements AutoCloseable {
    private static final Logger LOG = System.getLogger(TenureDriver.class.getName());
    private static final int MAX_EVENTS = 256;
    /** What exceeds them is dropped, as a network might: it is asked again. */
    private static final int MAX_QUESTIONS = 12;

    private static final Duration CLOSING = Duration.ofMillis(100);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final GroupName group;
    private final Quorum quorum;
    private final Duration lease;
    private final DiskLease disks;
    private final TenureDuties duties;
    private final DutyRoster roster;
    private final TenureMachine machine;
    private final BlockingQueue<TenureEvent> events = new ArrayBlockingQueue<>(MAX_EVENTS);
    private final Semaphore questions = new Semaphore(MAX_QUESTIONS);
    private final Thread thread;
    private volatile TenureState state = TenureState.Away.UNKNOWING;
    private volatile Promises promises = Promises.NONE;
    private volatile LeaseWatch watch = LeaseWatch.NOTHING;
    private volatile boolean closed;

    /** @param disks what this driver alone says until when they may answer */
    public TenureDriver(
            GroupName group, SiteName self, Duration lease, Quorum quorum, DiskLease disks, TenureDuties duties) {
        this.group = group;
        this.quorum = quorum;
        this.lease = lease;
        this.disks = disks;
        this.duties = duties;
        this.machine = new TenureMachine(group, self, new Session(RANDOM.nextLong()), Margins.of(lease));
        this.roster = new DutyRoster(group, duties, () -> enterSurely(new TenureEvent.Stopped()));
        this.thread = Thread.ofPlatform().daemon().name("tenure-" + group).unstarted(this::run);
    }

    public void start() {
        roster.start();
        thread.start();
    }

    public GroupName group() {
        return group;
    }

    public TenureState state() {
        return state;
    }

    /** What the replicas mean for acknowledgements. */
    public Promises promises() {
        return promises;
    }

    /** How long the group has stood as this site's voter shows it. */
    public LeaseWatch watch() {
        return watch;
    }

    public Margins margins() {
        return Margins.of(lease);
    }

    /** Whether the group is served here in that term, as far as the voters go. */
    public boolean serves(Term term) {
        return state instanceof TenureState.Serving serving && serving.term().equals(term);
    }

    public boolean serves() {
        return state instanceof TenureState.Serving;
    }

    /** Says what is wished or has happened; dropped where too much has. */
    public void enter(TenureEvent event) {
        if (!closed && !events.offer(event)) {
            LOG.log(Level.DEBUG, "group {0}: {1} is dropped", group, event);
        }
    }

    /** What the site's own voter has applied shows this of the group. */
    synchronized void looked(Optional<Ownership> standing, long nowNanos) {
        watch = watch.looked(standing, nowNanos);
        standing.ifPresent(seen -> enter(new TenureEvent.Seen(seen)));
    }

    private synchronized void heard(Ownership standing) {
        watch = watch.heard(standing, BootClock.nanos());
    }

    private void enterSurely(TenureEvent event) {
        try {
            while (!closed && !events.offer(event, CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(Level.DEBUG, "group {0}: {1} waits", group, event);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closed) {
                long now = BootClock.nanos();
                long wait = machine.wakeNanos(state, now) - now;
                TenureEvent event = wait <= 0 ? null : events.poll(wait, TimeUnit.NANOSECONDS);
                step(event == null ? new TenureEvent.Tick() : event);
            }
        } catch (InterruptedException stopped) {
            LOG.log(Level.DEBUG, "group {0}: the site is stopping", group);
        } finally {
            disks.end();
        }
    }

    private void step(TenureEvent event) {
        if (event instanceof TenureEvent.Answered(QuorumCommand.Rate rate, QuorumAnswer answer)) {
            promises = promises.answered(rate, answer);
        }
        if (event instanceof TenureEvent.Answered(QuorumCommand _, QuorumAnswer answer)) {
            answer.standing().ifPresent(this::heard);
        }
        TenureState before = state;
        TenureStep step = machine.next(before, event, BootClock.nanos());
        if (!step.state().getClass().equals(before.getClass())) {
            LOG.log(Level.INFO, "group {0}: {1}", group, step.state().getClass().getSimpleName());
            LOG.log(Level.DEBUG, "group {0}: {1} after {2}", group, step.state(), event);
        }
        // Whoever looks at a state before its effects have begun finds less allowed than there will be, never more.
        step.effects().stream().filter(TenureDriver::takesBack).forEach(effect -> disks.end());
        state = step.state();
        step.effects().forEach(this::begin);
    }

    private static boolean takesBack(TenureEffect effect) {
        return effect instanceof TenureEffect.Stop || effect instanceof TenureEffect.Fence;
    }

    private void begin(TenureEffect effect) {
        switch (effect) {
            case TenureEffect.Begin(Ownership now) -> promises = promises.begun(now);
            case TenureEffect.Submit(QuorumCommand command) -> submit(command);
            case TenureEffect.Allow(Term term, long untilNanos) -> {
                disks.allow(untilNanos);
                duties.allow(untilNanos);
            }
            case TenureEffect.Serve(Term term) -> roster.wanted(new DutyRoster.Duty.Serve(term));
            case TenureEffect.Stop(Term term) -> {
                disks.end();
                duties.revoke();
                roster.wanted(new DutyRoster.Duty.Stop(term));
            }
            case TenureEffect.Fence(Ownership now) -> {
                disks.end();
                duties.revoke();
                roster.wanted(new DutyRoster.Duty.GiveWay(now));
            }
        }
    }

    private void submit(QuorumCommand command) {
        if (command instanceof QuorumCommand.Rate rate) {
            promises = promises.sending(rate);
        }
        if (questions.tryAcquire()) {
            Thread.ofVirtual().name("ask-" + group).start(() -> {
                try {
                    ask(command);
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                } finally {
                    questions.release();
                }
            });
        }
    }

    private void ask(QuorumCommand command) throws InterruptedException {
        if (command instanceof QuorumCommand.Rate rate && !duties.stands(rate)) {
            return;
        }
        Optional<QuorumAnswer> answer = quorum.ask(command, lease);
        if (answer.isPresent() && command instanceof QuorumCommand.Rate) {
            enterSurely(new TenureEvent.Answered(command, answer.get()));
        } else {
            answer.ifPresent(given -> enter(new TenureEvent.Answered(command, given)));
        }
    }

    /** Lets go: nothing is renewed, and no disk answers, from now on. What runs is left as it is. */
    @Override
    public void close() {
        closed = true;
        roster.close();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
