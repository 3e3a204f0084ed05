package io.godwit.migration;

import io.godwit.core.GodwitException;
import io.godwit.migration.MoveMachine.Step;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Drives one move: takes events one by one, lets {@link MoveMachine} decide, persists the new state, and only then runs
 * its effects, each on a virtual thread whose outcome comes back as an event. Only the thread in {@link #run} changes the
 * state. An abort first ends the effects under way, so that none of them can meddle with {@code Undo}.
 */
public final class MoveCoordinator {
    private static final Logger LOG = System.getLogger(MoveCoordinator.class.getName());

    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

    /** Told of each state once it is persisted and before its effects begin. */
    public interface Observer {
        void entered(MoveRecord move) throws InterruptedException;
    }

    private final MoveMachine machine;
    private final MovePort port;
    private final MoveJournal journal;
    private final Observer observer;
    private final LinkedBlockingQueue<MoveEvent> events = new LinkedBlockingQueue<>();
    private final EffectThreads effects = new EffectThreads();
    private volatile MoveRecord move;

    public MoveCoordinator(
            MoveRecord move, MoveMachine machine, MovePort port, MoveJournal journal, Observer observer) {
        this.move = move;
        this.machine = machine;
        this.port = port;
        this.journal = journal;
        this.observer = observer;
    }

    public MoveRecord move() {
        return move;
    }

    /** Makes a move that can still be given up go back; one that was offered or taken is not affected. */
    public void fail(String reason) {
        events.add(new MoveEvent.Failed(reason));
    }

    /** Runs a fresh move to its end. */
    public MoveRecord run() throws InterruptedException {
        enter(machine.begin());
        return untilEnded();
    }

    /** Takes up, or undoes, a move that an earlier process had persisted. */
    public MoveRecord resume() throws InterruptedException {
        events.add(new MoveEvent.Restarted());
        return untilEnded();
    }

    private MoveRecord untilEnded() throws InterruptedException {
        while (!move.state().phase().ended()) {
            enter(machine.next(move.state(), events.take()));
        }
        return move;
    }

    private void enter(Step step) throws InterruptedException {
        if (step.effects().isEmpty() && step.state().equals(move.state())) {
            return;
        }
        boolean recalled = step.state().isRecalledFrom(move.state());
        move = move.with(step.state());
        if (!recalled) {
            journal.persist(move);
        }
        LOG.log(Level.INFO, "move of {0} to {1}: {2}", move.group(), move.to(), move.state());
        if (step.state() instanceof MoveState.Aborting) {
            port.cancel();
            effects.awaitAll();
        }
        observer.entered(move);
        step.effects().forEach(effect -> effects.start(() -> events.add(outcome(effect))));
    }

    private MoveEvent outcome(MoveEffect effect) throws InterruptedException {
        while (true) {
            try {
                return run(effect);
            } catch (GodwitException failed) {
                if (!mustSucceed(effect)) {
                    return failure(effect, failed.sentence());
                }
                LOG.log(
                        Level.WARNING,
                        "move of " + move.group() + ": " + effect + " is tried again: " + failed.sentence());
            } catch (RuntimeException unexpected) {
                LOG.log(Level.ERROR, "move of " + move.group() + ": " + effect + " failed", unexpected);
                if (!mustSucceed(effect)) {
                    return failure(effect, "internal error: " + unexpected);
                }
            }
            Thread.sleep(RETRY_PAUSE);
        }
    }

    /** An offer that failed on its way may have arrived all the same. */
    private static MoveEvent failure(MoveEffect effect, String reason) {
        return effect instanceof MoveEffect.Offer ? new MoveEvent.Unanswered() : new MoveEvent.Failed(reason);
    }

    /** Whether there is no other way out of a state than for its effect to succeed in the end. */
    private static boolean mustSucceed(MoveEffect effect) {
        return switch (effect) {
            case MoveEffect.Undo undo -> true;
            case MoveEffect.Settle settle -> true;
            case MoveEffect.AskOutcome ask -> true;
            case MoveEffect.Offer offer -> false;
            case MoveEffect.Prepare prepare -> false;
            case MoveEffect.Drain drain -> false;
            case MoveEffect.ProveSynchronous prove -> false;
            case MoveEffect.CopyRound round -> false;
            case MoveEffect.Quiesce quiesce -> false;
        };
    }

    private MoveEvent run(MoveEffect effect) throws InterruptedException {
        return switch (effect) {
            case MoveEffect.Prepare(Subsystem subsystem) -> {
                port.prepare(subsystem);
                yield new MoveEvent.Prepared(subsystem);
            }
            case MoveEffect.Drain drain -> {
                port.drain();
                yield new MoveEvent.Drained();
            }
            case MoveEffect.ProveSynchronous prove -> {
                port.proveSynchronous();
                yield new MoveEvent.SynchronousProved();
            }
            case MoveEffect.CopyRound(int number) -> new MoveEvent.RoundDone(port.copyRound(number));
            case MoveEffect.Quiesce quiesce -> {
                port.quiesce(events::add);
                yield new MoveEvent.Quiesced();
            }
            case MoveEffect.Offer(var term, var end) -> port.offer(term, end);
            case MoveEffect.AskOutcome(var term) -> port.askOutcome(term);
            case MoveEffect.Settle(var term, var end) -> {
                port.settle(term, end);
                yield new MoveEvent.Settled();
            }
            case MoveEffect.Undo undo -> {
                port.undo(reason());
                yield new MoveEvent.Undone();
            }
        };
    }

    private String reason() {
        return move.state() instanceof MoveState.Aborting(String reason) ? reason : "";
    }
}
