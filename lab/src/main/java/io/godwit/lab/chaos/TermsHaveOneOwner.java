package io.godwit.lab.chaos;

import io.godwit.core.SiteName;
import io.godwit.core.Term;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A term is served by one site. */
final class TermsHaveOneOwner implements Invariant {
    private final Map<Term, SiteName> owners = new HashMap<>();
    private Optional<String> broken = Optional.empty();

    @Override
    public void sees(Sight sight) {
        if (sight.serves()) {
            Term term = sight.group().orElseThrow().term();
            SiteName first = owners.putIfAbsent(term, sight.site());
            if (first != null && !first.equals(sight.site())) {
                broken = Optional.of("both %s and %s served in term %s".formatted(first, sight.site(), term));
            }
        }
    }

    @Override
    public Optional<String> broken() {
        return broken;
    }
}
