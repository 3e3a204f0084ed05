package io.godwit.quorum;

import io.godwit.core.SiteName;
import io.godwit.core.Term;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the voters agree on about one group.
 *
 * @param session the run of the owner's daemon that has taken it up
 * @param number that of the last command that changed this; grows, whatever else changes
 * @param leaseMillis how long a renewal lets the owner serve; fixed when the group is registered
 * @param standbys what the replicas at other sites are good for; who is not named is {@link Readiness#UNFIT}
 */
public record Ownership(
        SiteName owner,
        Term term,
        Session session,
        long number,
        int leaseMillis,
        Standing standing,
        SortedMap<SiteName, Readiness> standbys) {
    /** Shorter than this, an election among voters alone ends it. */
    public static final int MIN_LEASE_MILLIS = 1_000;

    public static final int MAX_LEASE_MILLIS = 600_000;

    public Ownership {
        standbys = Collections.unmodifiableSortedMap(new TreeMap<>(standbys));
    }

    static Ownership first(SiteName owner, Term term, Session session, long number, int leaseMillis) {
        return new Ownership(owner, term, session, number, leaseMillis, new Standing.Held(), new TreeMap<>());
    }

    public Duration lease() {
        return Duration.ofMillis(leaseMillis);
    }

    public Readiness standby(SiteName site) {
        return standbys.getOrDefault(site, Readiness.UNFIT);
    }

    /** A site, other than that one, whose replica has every acknowledged write. */
    public Optional<SiteName> completeBut(SiteName one) {
        return standbys.entrySet().stream()
                .filter(standby -> standby.getValue() == Readiness.COMPLETE)
                .map(Map.Entry::getKey)
                .filter(site -> !site.equals(one))
                .findFirst();
    }

    /** Whether that run of that site's daemon is the one that may give commands. */
    public boolean isOf(SiteName site, Session run) {
        return owner.equals(site) && session.equals(run);
    }

    /** Whether the owner is bound by nothing but time: only then does a lease have to be waited out. */
    public boolean bindsForATime() {
        return standing instanceof Standing.Held || standing instanceof Standing.Offered;
    }

    Ownership at(long later, Standing then) {
        return new Ownership(owner, term, session, later, leaseMillis, then, standbys);
    }

    Ownership takenUp(Session run) {
        return new Ownership(owner, term, run, number + 1, leaseMillis, standing, standbys);
    }

    /** The next term, under another owner. Which replicas are good for something is for the new owner to find out. */
    Ownership passedTo(SiteName next, Session run) {
        return first(next, term.next(), run, number + 1, leaseMillis);
    }

    Ownership rated(long later, SiteName standby, Readiness readiness) {
        SortedMap<SiteName, Readiness> rated = new TreeMap<>(standbys);
        if (readiness == Readiness.UNFIT) {
            rated.remove(standby);
        } else {
            rated.put(standby, readiness);
        }
        return new Ownership(owner, term, session, later, leaseMillis, standing, rated);
    }

    /** Whether no other command has changed anything since that one. */
    boolean isAt(Term seenTerm, long seenNumber) {
        return term.equals(seenTerm) && number == seenNumber;
    }

    /** For people: {@code east in term 4}. */
    String inWords() {
        return "%s in term %s".formatted(owner, term);
    }
}
