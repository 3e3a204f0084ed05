package io.godwit.quorum.sim;

import java.util.Optional;

/** At no instant could the disks of two sites acknowledge a write. A paused daemon counts: it may wake at any instant. */
record OneWriter() implements Invariant {
    @Override
    public Optional<String> broken(World world) {
        Optional<Site> first = Optional.empty();
        for (Site site : world.sites()) {
            if (site.mayWrite()) {
                if (first.isPresent()) {
                    return Optional.of("%s can acknowledge writes, and so can %s"
                            .formatted(first.get().name(), site.name()));
                }
                first = Optional.of(site);
            }
        }
        return Optional.empty();
    }
}
