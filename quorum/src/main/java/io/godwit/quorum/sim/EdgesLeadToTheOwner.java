package io.godwit.quorum.sim;

import java.util.Optional;

/** Once everything has been well for a while, the edge of no site carries the group's packets to another site than the one that serves it. */
record EdgesLeadToTheOwner() implements Invariant {
    @Override
    public Optional<String> broken(World world) {
        Optional<Site> owner = world.sites().stream().filter(Site::mayWrite).findFirst();
        return owner.flatMap(serving -> world.sites().stream()
                .flatMap(site -> NothingIsDivertedToNowhere.fault(site, serving).stream())
                .findFirst());
    }
}
