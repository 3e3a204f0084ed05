package io.godwit.migration;

import io.godwit.core.SiteName;
import io.godwit.core.Term;

/**
 * Who owns a group, as one site knows it. Of two sites that know different things, the one with the newer term is right.
 *
 * @param serving whether that site runs any of the group's machines
 */
public record Standing(SiteName owner, Term term, boolean serving) {
    /** What a site that believes to be the owner learns from the other one. */
    public enum Verdict {
        /** Nothing newer is known there. */
        MINE,
        /** The other site has taken the group over. */
        REPLACED,
        /** Both know of an owner in the same term, and not of the same one: only people can say what that means. */
        DISPUTED
    }

    /** Judges what the peer knows, for a site that owns the group as far as it knows itself. */
    public Verdict against(Standing theirs) {
        if (theirs.owner().equals(owner)) {
            return Verdict.MINE;
        }
        int newer = theirs.term().compareTo(term);
        return newer > 0 ? Verdict.REPLACED : newer < 0 ? Verdict.MINE : Verdict.DISPUTED;
    }

    /**
     * The term under which a site takes a group over without having heard of the other one. It leaves out those that the other
     * site may use by itself after the last contact (an offer that failed, and the term after it); and the site where the
     * group is at home takes odd ones, the other one even ones: never do both use the same.
     */
    public static Term takingOver(Term known, boolean home) {
        long next = known.value() + 3;
        boolean odd = next % 2 == 1;
        return new Term(odd == home ? next : next + 1);
    }
}
