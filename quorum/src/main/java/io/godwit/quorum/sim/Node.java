package io.godwit.quorum.sim;

import io.godwit.core.SiteName;
import io.godwit.quorum.QuorumState;

/** A voter: what it has applied, and whether it can hear and answer. */
final class Node {
    private final SiteName name;
    private final int number;
    private boolean alive = true;
    private boolean paused;
    private int applied;
    private QuorumState state = QuorumState.EMPTY;
    private Runnable whenApplied = () -> {};

    Node(SiteName name, int number) {
        this.name = name;
        this.number = number;
    }

    SiteName name() {
        return name;
    }

    int number() {
        return number;
    }

    boolean isAlive() {
        return alive;
    }

    boolean isPaused() {
        return paused;
    }

    boolean isAwake() {
        return alive && !paused;
    }

    void kill() {
        alive = false;
        paused = false;
    }

    void start() {
        alive = true;
    }

    void pause() {
        paused = true;
    }

    void wake() {
        paused = false;
    }

    /** The state of this voter, up to what it has applied. */
    QuorumState state() {
        return state;
    }

    int applied() {
        return applied;
    }

    void whenApplied(Runnable then) {
        whenApplied = then;
    }

    void apply(int index, QuorumState then) {
        if (index > applied) {
            applied = index;
            state = then;
            whenApplied.run();
        }
    }

    /** What was applied and not yet written down is applied again later. */
    void forgetAfter(int index, QuorumState then) {
        applied = index;
        state = then;
    }
}
