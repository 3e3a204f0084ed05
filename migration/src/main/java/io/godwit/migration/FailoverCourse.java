package io.godwit.migration;

import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.migration.FailoverMachine.Step;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/**
 * Drives one failover: lets {@link FailoverMachine} decide, persists the new state, and only then runs its effect. All on one
 * thread, since nothing can be done side by side. What fails after the commit point is tried again until it works; what can't be persisted before
 * it is given up.
 */
public final class FailoverCourse {
    private static final Logger LOG = System.getLogger(FailoverCourse.class.getName());
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

    /** Where the state survives the daemon; returns when it is on stable storage. */
    public interface Journal {
        void persist(FailoverState state);
    }

    private final GroupName group;
    private final FailoverPort port;
    private final Journal journal;
    private volatile FailoverState state;
    private volatile boolean stopping;

    /** @param state as it was persisted, or as it will be */
    public FailoverCourse(GroupName group, FailoverState state, FailoverPort port, Journal journal) {
        this.group = group;
        this.state = state;
        this.port = port;
        this.journal = journal;
    }

    public FailoverState state() {
        return state;
    }

    /** What is under way is tried no more once it has failed; a later process goes on from there. */
    public void stop() {
        stopping = true;
    }

    /**
     * Runs a fresh one to its end.
     *
     * @throws InterruptedException also if it was stopped on its way
     */
    public void run(Term term, Optional<Position> at) throws InterruptedException {
        Step first = FailoverMachine.begin(term, at);
        try {
            journal.persist(first.state());
        } catch (RuntimeException failed) {
            enter(new FailoverState.GivenUp("it could not be written down: " + failed.getMessage()));
            return;
        }
        follow(first);
    }

    /** Goes on with one that an earlier process had persisted. */
    public void resume() throws InterruptedException {
        follow(FailoverMachine.next(state, new FailoverEvent.Restarted()));
    }

    private void follow(Step first) throws InterruptedException {
        Step step = first;
        enter(step.state());
        while (step.effect().isPresent()) {
            step = FailoverMachine.next(state, outcome(step.effect().get()));
            enter(step.state());
        }
    }

    private void enter(FailoverState next) throws InterruptedException {
        while (!persisted(next)) {
            rest();
        }
        state = next;
        LOG.log(Level.INFO, "failover of {0}: {1}", group, next);
    }

    /** What is given up needs no record: a later process finds that nothing has changed. */
    private boolean persisted(FailoverState next) {
        try {
            journal.persist(next);
            return true;
        } catch (RuntimeException failed) {
            LOG.log(
                    Level.ERROR,
                    "failover of {0}: {1} cannot be written down: {2}",
                    group,
                    next.word(),
                    failed.getMessage());
            return next instanceof FailoverState.GivenUp;
        }
    }

    private void rest() throws InterruptedException {
        Thread.sleep(RETRY_PAUSE);
        if (stopping) {
            throw new InterruptedException("the failover is stopped on its way");
        }
    }

    private FailoverEvent outcome(FailoverEffect effect) throws InterruptedException {
        while (true) {
            try {
                return run(effect);
            } catch (GodwitException failed) {
                if (effect instanceof FailoverEffect.Decide) {
                    return new FailoverEvent.Refused(failed.sentence());
                }
                LOG.log(
                        Level.ERROR,
                        "failover of {0}: {1} is tried again: {2}",
                        group,
                        state.word(),
                        failed.sentence());
            } catch (RuntimeException unexpected) {
                if (effect instanceof FailoverEffect.Decide) {
                    return new FailoverEvent.Refused(String.valueOf(unexpected.getMessage()));
                }
                LOG.log(Level.ERROR, "failover of %s: %s is tried again".formatted(group, state.word()), unexpected);
            }
            rest();
        }
    }

    private FailoverEvent run(FailoverEffect effect) throws InterruptedException {
        return switch (effect) {
            case FailoverEffect.Decide(Term term) -> port.decide(term);
            case FailoverEffect.LookUp(Term term) -> port.lookUp(term);
            case FailoverEffect.Promote(Term term, Optional<Position> at) -> port.promote(term, at);
            case FailoverEffect.Boot(Term term) -> port.boot(term);
            case FailoverEffect.Announce(Term term) -> port.announce(term);
            case FailoverEffect.AwaitFollower(Term term) -> port.awaitFollower(term);
        };
    }
}
