package io.godwit.quorum.sim;

import java.util.Optional;

/** What a site has of the group is always a beginning of the history of one term: what its own owner wrote in it, or had taken over. */
record ReplicasArePrefixes() implements Invariant {
    @Override
    public Optional<String> broken(World world) {
        for (Site site : world.sites()) {
            Journal journal = site.store().journal();
            if (!world.histories().agreesWith(journal)) {
                return Optional.of("%s has %d records, which are no beginning of the history of term %s"
                        .formatted(site.name(), journal.end(), journal.term().orElseThrow()));
            }
        }
        return Optional.empty();
    }
}
