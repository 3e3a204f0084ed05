package io.godwit.quorum.sim;

import java.util.Optional;

/** What went wrong was no reason to move the group, and it wasn't moved. */
record NeverMoved() implements Invariant {
    @Override
    public Optional<String> broken(World world) {
        Site first = world.sites().getFirst();
        return first.served().filter(World.FIRST::equals).isPresent()
                ? Optional.empty()
                : Optional.of("the group was moved away from %s without need".formatted(first.name()));
    }
}
