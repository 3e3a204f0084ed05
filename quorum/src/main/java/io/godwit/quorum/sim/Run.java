package io.godwit.quorum.sim;

import static io.godwit.quorum.sim.Chance.SECOND;

import io.godwit.core.Term;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** One world from its beginning to its end: everything goes wrong for a while, then nothing does any more. */
record Run(long seed, Weather weather, Mutation mutation) {
    static final Consumer<String> SILENT = line -> {};

    private static final long DISTURBED = 40 * SECOND;
    private static final long HEALED = 45 * SECOND;

    /**
     * What a run came to.
     *
     * @param broken what didn't hold, and when; empty if everything did
     * @param term the group's in the end
     */
    record Outcome(Optional<String> broken, Term term) {}

    Outcome play(Consumer<String> trace) {
        World world = new World(seed, weather, mutation, trace);
        Faults faults = new Faults(world);
        List<Invariant> invariants = Invariant.always();
        Optional<String> broken = proceed(world, DISTURBED, invariants);
        if (broken.isEmpty()) {
            faults.end();
            world.trace(() -> "nothing goes wrong any more");
            broken = proceed(world, DISTURBED + HEALED, invariants)
                    .or(() -> new ServedInTheEnd().broken(world))
                    .or(() -> new EdgesLeadToTheOwner().broken(world))
                    .or(() -> weather == Weather.STORM ? Optional.empty() : new NeverMoved().broken(world));
        }
        broken.ifPresent(what -> world.trace(() -> "BROKEN: " + what));
        Term term =
                world.sites().getFirst().watch().seen().map(seen -> seen.term()).orElse(Term.FIRST);
        return new Outcome(broken, term);
    }

    private static Optional<String> proceed(World world, long end, List<Invariant> invariants) {
        while (world.schedule().step(end)) {
            for (Invariant invariant : invariants) {
                Optional<String> broken = invariant.broken(world);
                if (broken.isPresent()) {
                    return broken;
                }
            }
        }
        return Optional.empty();
    }
}
