package io.godwit.quorum.sim;

import java.util.List;
import java.util.Random;

/** The one source of everything that is not decided: the same seed brings the same world. */
final class Chance {
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;

    private final Random random;

    Chance(long seed) {
        // Neighbouring seeds of java.util.Random begin alike; a hash of them doesn't.
        long mixed = (seed ^ 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
        random = new Random(mixed ^ (mixed >>> 29));
    }

    boolean happens(double probability) {
        return random.nextDouble() < probability;
    }

    long between(long least, long most) {
        return least + (long) (random.nextDouble() * (most - least));
    }

    double between(double least, double most) {
        return least + random.nextDouble() * (most - least);
    }

    /** Between the two, small ones as often as large ones. */
    long scaled(long least, long most) {
        return (long) Math.exp(between(Math.log((double) least), Math.log((double) most)));
    }

    <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    long number() {
        return random.nextLong();
    }
}
