package io.godwit.quorum.sim;

import java.util.Optional;

/** At no instant do the edges of two sites let packets of the group's guests out, be their daemons dead or alive. */
record OneSpeaker() implements Invariant {
    @Override
    public Optional<String> broken(World world) {
        Optional<Site> first = Optional.empty();
        for (Site site : world.sites()) {
            if (site.maySpeak()) {
                if (first.isPresent()) {
                    return Optional.of("guests at %s can be heard, and those at %s too"
                            .formatted(first.get().name(), site.name()));
                }
                first = Optional.of(site);
            }
        }
        return Optional.empty();
    }
}
