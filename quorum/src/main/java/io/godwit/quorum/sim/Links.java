package io.godwit.quorum.sim;

import static io.godwit.quorum.sim.Chance.MILLI;
import static io.godwit.quorum.sim.Chance.SECOND;

import java.util.Arrays;

/** The ways between nodes: each direction can be cut by itself; what crosses is late, and may be lost. */
final class Links {
    private final Chance chance;
    private final boolean[][] cut;
    private final long usual;
    private double lossy;
    private double straying;

    Links(int nodes, Chance chance, Weather weather, Mutation mutation) {
        this.chance = chance;
        this.cut = new boolean[nodes][nodes];
        this.usual = chance.scaled(MILLI / 10, 75 * MILLI);
        if (weather == Weather.STORM) {
            this.lossy = chance.happens(0.5) ? 0 : chance.between(0, 0.2);
            boolean late = mutation == Mutation.LEASE_FROM_ANSWER; // Which matters only where an answer is late.
            this.straying = late ? 0.1 : chance.happens(0.5) ? 0 : chance.between(0, 0.1);
        }
    }

    void calm() {
        for (boolean[] row : cut) {
            Arrays.fill(row, false);
        }
        lossy = 0;
        straying = 0;
    }

    void cut(int from, int to, boolean is) {
        cut[from][to] = is;
    }

    boolean hears(Node to, Node from) {
        return from.number() == to.number() || !cut[from.number()][to.number()];
    }

    /** Whether both are awake and hear each other. */
    boolean talk(Node one, Node other) {
        return one.isAwake() && other.isAwake() && hears(one, other) && hears(other, one);
    }

    boolean loses() {
        return chance.happens(lossy);
    }

    /** One way, now and then much later than usual. */
    long delay() {
        long way = usual + chance.scaled(MILLI / 20, 2 * MILLI);
        return chance.happens(straying) ? way + chance.scaled(10 * MILLI, 15 * SECOND) : way;
    }

    boolean strays() {
        return chance.happens(straying);
    }
}
