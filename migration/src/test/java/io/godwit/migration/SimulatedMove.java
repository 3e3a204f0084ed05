package io.godwit.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.migration.MoveState.Completed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Two sites, the link between them and one move, without threads: every step is drawn from a seed. Daemons die between
 * any two steps and come back with what they had persisted; guests outlive them.
 */
final class SimulatedMove {
    private static final Term NEW_TERM = new Term(2);
    private static final Position END = new Position(4096);
    private static final int DISTURBED_STEPS = 60;
    private static final int HEALING_STEPS = 200;

    private final Random random;
    private final MoveMachine machine = new MoveMachine(PauseBudget.DEFAULT);
    private final List<MoveEffect> pending = new ArrayList<>();
    private final MoveId id = MoveId.fresh();

    private MoveState source;
    private MoveState persisted;
    private HandOver target = new HandOver.Undecided(id);
    private boolean runsAtSource = true;
    private boolean runsAtTarget;
    private boolean loadedAtTarget;
    private boolean linkUp = true;

    SimulatedMove(long seed) {
        random = new Random(seed);
        MoveMachine.Step first = machine.begin();
        source = first.state();
        persisted = source;
        pending.addAll(first.effects());
    }

    void play() {
        for (int step = 0; step < DISTURBED_STEPS; step++) {
            disturb();
            proceed(true);
            neverBoth();
        }
        linkUp = true;
        for (int step = 0; step < HEALING_STEPS && !source.phase().ended(); step++) {
            if (pending.isEmpty()) {
                restartSource();
            }
            proceed(false);
            neverBoth();
        }
        assertThat(source.phase().ended()).as("the move has ended").isTrue();
        assertThat(runsAtTarget).as("runs at the target").isEqualTo(source instanceof Completed);
        assertThat(runsAtSource).as("runs at the source").isEqualTo(!(source instanceof Completed));
    }

    MoveState outcome() {
        return source;
    }

    private void neverBoth() {
        assertThat(runsAtSource && runsAtTarget).as("both sites run the guest").isFalse();
    }

    private void disturb() {
        switch (random.nextInt(24)) {
            case 0 -> linkUp = !linkUp;
            case 1 -> restartSource();
            case 2 -> restartTarget();
            case 3 -> enter(new MoveEvent.Failed("the user changed their mind"));
            default -> {}
        }
    }

    private void restartSource() {
        pending.clear();
        source = persisted;
        enter(new MoveEvent.Restarted());
    }

    private void restartTarget() {
        target = target.closed("restarted");
        loadedAtTarget = false;
    }

    private void proceed(boolean mayFail) {
        if (pending.isEmpty()) {
            return;
        }
        MoveEffect effect = pending.remove(random.nextInt(pending.size()));
        boolean fails = mayFail && random.nextInt(10) == 0;
        switch (effect) {
            case MoveEffect.Prepare(Subsystem subsystem) -> remote(fails, new MoveEvent.Prepared(subsystem));
            case MoveEffect.Drain drain -> remote(fails, new MoveEvent.Drained());
            case MoveEffect.ProveSynchronous prove -> remote(fails, new MoveEvent.SynchronousProved());
            case MoveEffect.CopyRound(int number) ->
                remote(fails, new MoveEvent.RoundDone(new RoundFacts(number, 1, 1, random.nextInt(400))));
            case MoveEffect.Quiesce quiesce -> quiesce(quiesce, fails);
            case MoveEffect.Offer offer -> offer(fails);
            case MoveEffect.AskOutcome ask -> ask(ask);
            case MoveEffect.Settle settle -> enter(new MoveEvent.Settled());
            case MoveEffect.Undo undo -> undo();
        }
    }

    private void remote(boolean fails, MoveEvent success) {
        enter(fails || !linkUp ? new MoveEvent.Failed("link") : success);
    }

    /** In two steps: first the disks are fenced, then the last memory arrives. */
    private void quiesce(MoveEffect.Quiesce quiesce, boolean fails) {
        runsAtSource = false;
        if (source instanceof MoveState.Quiescing && !fails) {
            pending.add(quiesce);
            enter(new MoveEvent.Fenced(NEW_TERM, END));
        } else {
            loadedAtTarget = linkUp && !fails;
            remote(fails, new MoveEvent.Quiesced());
        }
    }

    private void offer(boolean answerLost) {
        if (!linkUp) {
            enter(new MoveEvent.Unanswered());
            return;
        }
        target = target.offered(NEW_TERM, loadedAtTarget ? "" : "the memory is not complete");
        if (target instanceof HandOver.Taken) {
            runsAtTarget = true;
        }
        enter(answerLost ? new MoveEvent.Unanswered() : answer());
    }

    private void ask(MoveEffect ask) {
        if (!linkUp) {
            pending.add(ask);
            return;
        }
        target = target.closed("asked");
        enter(answer());
    }

    private MoveEvent answer() {
        return switch (target) {
            case HandOver.Taken taken -> new MoveEvent.Taken();
            case HandOver.Refused(MoveId move, String reason) -> new MoveEvent.Refused(reason);
            case HandOver.Undecided undecided -> throw new AssertionError("an answer decides");
        };
    }

    private void undo() {
        if (linkUp) {
            target = target.closed("undone");
        }
        runsAtSource = true;
        enter(new MoveEvent.Undone());
    }

    private void enter(MoveEvent event) {
        MoveMachine.Step step = machine.next(source, event);
        if (!step.state().isRecalledFrom(source)) {
            persisted = step.state();
        }
        source = step.state();
        if (source instanceof MoveState.Aborting && !step.effects().isEmpty()) {
            pending.clear();
        }
        pending.addAll(step.effects());
    }
}
