package io.godwit.migration.drain;

import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;

/**
 * A group that is to leave a site, as it stands at one moment.
 *
 * @param priority higher ones leave first
 * @param obstacle why it can't be moved live now, in a sentence
 * @param synchronous whether acknowledged flushes are at the other site as well, by its mode
 * @param unsafe why it can't be synchronised now, in a sentence
 * @param synchronising how long it takes until it is synchronous
 */
public record Candidate(
        GroupName group,
        SiteName to,
        int priority,
        MoveEstimate estimate,
        Optional<String> obstacle,
        boolean synchronous,
        Optional<String> unsafe,
        Duration synchronising) {
    /** Who leaves first: by the user's priority, then whoever is done soonest. */
    static final Comparator<Candidate> ORDER = Comparator.comparingInt(Candidate::priority)
            .reversed()
            .thenComparing(candidate -> candidate.estimate().expected())
            .thenComparing(candidate -> candidate.group().value());

    /** The same group, which is not moved again: it was tried. */
    public Candidate held(String reason) {
        return new Candidate(
                group,
                to,
                priority,
                estimate,
                obstacle.or(() -> Optional.of(reason)),
                synchronous,
                unsafe,
                synchronising);
    }
}
