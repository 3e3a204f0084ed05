package io.godwit.quorum.sim;

import static io.godwit.quorum.sim.Chance.SECOND;

/** How disks fail in a world: in most not at all. Drawn apart from everything else, so that a world is the same but for this. */
final class Wear {
    private final Chance chance;
    private final double failing;
    private boolean over;

    Wear(long seed, Weather weather) {
        this.chance = new Chance(~seed);
        this.failing = weather == Weather.STORM && chance.happens(0.25) ? chance.between(0.0005, 0.02) : 0;
    }

    void end() {
        over = true;
    }

    /** Whether the disk fails that is being written to. */
    boolean strikes() {
        return failing > 0 && !over && chance.happens(failing);
    }

    /** Until somebody has come to replace a disk. */
    long replacedIn() {
        return over ? SECOND : chance.scaled(2 * SECOND, 30 * SECOND);
    }
}
