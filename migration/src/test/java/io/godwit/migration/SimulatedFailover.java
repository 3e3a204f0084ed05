package io.godwit.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.migration.FailoverMachine.Step;
import java.util.Optional;
import java.util.Random;

/**
 * One site that takes a group over, without threads: every step is drawn from a seed. The daemon dies before an effect, in the middle
 * of it or after it, and comes back with what it had persisted; the other site may decide again in between.
 */
final class SimulatedFailover {
    private static final Term TERM = new Term(6);
    private static final Position END = new Position(4096);
    private static final int MAX_STEPS = 400;

    private final Random random;
    private FailoverState state;
    private Optional<FailoverEffect> effect;
    /** The group's record: on stable storage, like the state. */
    private boolean ours;

    private boolean overtaken;
    private boolean writable;
    private boolean runs;
    private boolean announced;

    SimulatedFailover(long seed) {
        random = new Random(seed);
        Step first = FailoverMachine.begin(TERM, Optional.empty());
        state = first.state();
        effect = first.effect();
    }

    void play() {
        for (int step = 0; step < MAX_STEPS && !state.ended(); step++) {
            disturb();
            if (!state.ended()) {
                enter(FailoverMachine.next(state, outcome()));
            }
            nothingBeforeTheDecision();
        }
        assertThat(state.ended()).as("it ended: " + state).isTrue();
        switch (state) {
            case FailoverState.Completed _ ->
                assertThat(ours && writable && runs && announced).as("served").isTrue();
            case FailoverState.GivenUp _ -> assertThat(ours).as("decided").isFalse();
            case FailoverState.Replaced _ -> assertThat(overtaken).isTrue();
            default -> throw new AssertionError(state);
        }
    }

    FailoverState end() {
        return state;
    }

    private void nothingBeforeTheDecision() {
        assertThat(ours || overtaken || !(writable || runs || announced))
                .as("acted without having decided")
                .isTrue();
        assertThat(writable || !runs).as("a machine without disks").isTrue();
    }

    private void disturb() {
        int event = random.nextInt(40);
        if (event < 10) {
            // The power may go with the daemon; what is on the disk stays.
            runs &= event < 5;
            announced &= event < 5;
            // Whatever of the effect was done before it died.
            if (random.nextBoolean() && effect.isPresent()) {
                outcome();
            }
            enter(FailoverMachine.next(state, new FailoverEvent.Restarted()));
        } else if (event == 10 && ours) {
            overtaken = true;
            ours = false;
            runs = false;
            announced = false;
        }
    }

    private FailoverEvent outcome() {
        return switch (effect.orElseThrow(() -> new AssertionError("nothing to do in " + state))) {
            case FailoverEffect.Decide _ -> {
                ours = random.nextInt(4) != 0;
                yield ours ? new FailoverEvent.Decided() : new FailoverEvent.Refused("the disk is full");
            }
            case FailoverEffect.LookUp _ ->
                ours ? new FailoverEvent.Decided() : new FailoverEvent.Refused("not decided");
            case FailoverEffect.Promote _ -> whileOwned(() -> writable = true, new FailoverEvent.Promoted(END));
            case FailoverEffect.Boot _ -> whileOwned(() -> runs = true, new FailoverEvent.Booted());
            case FailoverEffect.Announce _ -> whileOwned(() -> announced = true, new FailoverEvent.Announced());
            case FailoverEffect.AwaitFollower _ ->
                whileOwned(
                        () -> {
                            // A daemon that comes back to this state serves before it waits.
                            runs = true;
                            announced = true;
                        },
                        new FailoverEvent.Followed());
        };
    }

    private FailoverEvent whileOwned(Runnable act, FailoverEvent done) {
        if (!ours) {
            return new FailoverEvent.Overtaken();
        }
        act.run();
        return done;
    }

    private void enter(Step step) {
        state = step.state();
        effect = step.effect();
    }
}
