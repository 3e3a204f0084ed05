package io.godwit.quorum.sim;

import io.godwit.core.SiteName;
import io.godwit.core.Term;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A term is never served by two sites. */
final class TermsHaveOneOwner implements Invariant {
    private final Map<Term, SiteName> served = new HashMap<>();

    @Override
    public Optional<String> broken(World world) {
        for (Site site : world.sites()) {
            Optional<Term> term = site.served();
            if (term.isPresent()) {
                SiteName first = served.putIfAbsent(term.get(), site.name());
                if (first != null && !first.equals(site.name())) {
                    return Optional.of("%s and %s both served term %s".formatted(first, site.name(), term.get()));
                }
            }
        }
        return Optional.empty();
    }
}
