package io.godwit.lab.chaos;

import io.godwit.api.GroupStatus;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Once a disk has answered a machine in a term, none answers in an older one.
 *
 * <p>Each site says how long ago one of its disks was last let answer. That moment is known to the time that the question took; what is claimed here is
 * certain all the same, because two moments are compared only if they don't overlap. An answer counts for the term in which the site was seen to own
 * the group before it.
 */
final class OneWriter implements Invariant {
    private static final long ROUNDING_NANOS = Duration.ofMillis(1).toNanos();

    /** The last term in which a site was seen to own the group, and since when it has been. */
    private record Ownership(Term term, long sinceNanos) {}

    private final Map<SiteName, Ownership> ownerships = new HashMap<>();
    private final NavigableMap<Term, Long> answeredByNanos = new TreeMap<>();
    private final Map<Term, SiteName> answeredAt = new HashMap<>();
    private Optional<String> broken = Optional.empty();

    @Override
    public void sees(Sight sight) {
        if (sight.owns()) {
            Term term = sight.group().orElseThrow().term();
            ownerships.compute(
                    sight.site(),
                    (site, known) -> known == null || !known.term().equals(term)
                            ? new Ownership(term, sight.answeredNanos())
                            : known);
        }
        Ownership ownership = ownerships.get(sight.site());
        Optional<Long> ago = sight.tenure().flatMap(GroupStatus.Tenure::answeredMillisAgo);
        if (ownership != null && ago.isPresent()) {
            long agoNanos = Duration.ofMillis(ago.get()).toNanos();
            answered(
                    sight.site(),
                    ownership,
                    sight.askedNanos() - agoNanos - ROUNDING_NANOS,
                    sight.answeredNanos() - agoNanos);
        }
    }

    private void answered(SiteName site, Ownership ownership, long earliestNanos, long latestNanos) {
        if (earliestNanos - ownership.sinceNanos() <= 0) {
            return;
        }
        answeredByNanos.tailMap(ownership.term(), false).forEach((newer, byNanos) -> {
            if (earliestNanos - byNanos > 0) {
                broken = Optional.of("a disk at %s answered in term %s, %d ms after one at %s had answered in term %s"
                        .formatted(
                                site,
                                ownership.term(),
                                Duration.ofNanos(earliestNanos - byNanos).toMillis(),
                                answeredAt.get(newer),
                                newer));
            }
        });
        if (answeredByNanos.putIfAbsent(ownership.term(), latestNanos) == null) {
            answeredAt.put(ownership.term(), site);
        }
    }

    @Override
    public Optional<String> broken() {
        return broken;
    }
}
