package io.godwit.quorum.sim;

import java.util.Optional;

/** Once everything has been well for a while, the group is served at one site, and its disks take writes there. */
record ServedInTheEnd() implements Invariant {
    @Override
    public Optional<String> broken(World world) {
        long serving = world.sites().stream().filter(Site::mayWrite).count();
        return serving == 1
                ? Optional.empty()
                : Optional.of("everything is well again, and %d sites serve the group; %s"
                        .formatted(
                                serving,
                                world.sites().stream()
                                        .map(site -> "%s is %s".formatted(site.name(), site.state()))
                                        .toList()));
    }
}
