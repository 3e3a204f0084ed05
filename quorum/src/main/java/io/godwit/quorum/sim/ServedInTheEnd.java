package io.godwit.quorum.sim;

import io.godwit.quorum.Ownership;
import java.util.Optional;

/**
 * Once everything has been well for a while, the group is served at one site, and its disks take writes there; unless disks have failed and what
 * is left is for an operator to judge: no site has a copy with which the group's policy lets it go on.
 */
record ServedInTheEnd() implements Invariant {
    @Override
    public Optional<String> broken(World world) {
        long serving = world.sites().stream().filter(Site::mayWrite).count();
        return serving == 1 || (serving == 0 && !couldBeServed(world))
                ? Optional.empty()
                : Optional.of("everything is well again, and %d sites serve the group; %s"
                        .formatted(
                                serving,
                                world.sites().stream()
                                        .map(site -> "%s is %s".formatted(site.name(), site.state()))
                                        .toList()));
    }

    private static boolean couldBeServed(World world) {
        Optional<Ownership> now = world.voters().latest().find(World.GROUP);
        return now.isEmpty()
                || world.sites().stream()
                        .filter(site -> site.store().isWhole())
                        .anyMatch(site -> now.get().owner().equals(site.name())
                                || now.get()
                                        .standby(site.name())
                                        .serves(world.policy().acceptingLoss()));
    }
}
