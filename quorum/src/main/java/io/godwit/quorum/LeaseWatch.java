package io.godwit.quorum;

import java.util.Optional;

/**
 * How long a group has stood as it stands, by the clock of whoever looks. It begins to count when this site's own voter has applied a
 * change, or has been started and read it: whichever it is, the owner had sent the change before.
 *
 * @param sinceNanos when what is seen was seen first
 */
public record LeaseWatch(Optional<Ownership> seen, long sinceNanos) {
    public static final LeaseWatch NOTHING = new LeaseWatch(Optional.empty(), 0);

    /** The watch after looking at the own voter's state: it begins anew if anything was agreed on the group since. */
    public LeaseWatch looked(Optional<Ownership> standing, long nowNanos) {
        boolean same = seen.isPresent() == standing.isPresent()
                && seen.filter(last -> standing.filter(next -> last.isAt(next.term(), next.number()))
                                .isEmpty())
                        .isEmpty();
        boolean late = standing.filter(this::isBehind).isPresent();
        return same || late ? this : new LeaseWatch(standing, nowNanos);
    }

    /**
     * The watch after an answer of the voters, which may tell of more than this site's own voter has applied: that one may not hear the leader.
     * What is in an answer was applied before, so to count from now is to wait longer than need be.
     */
    public LeaseWatch heard(Ownership standing, long nowNanos) {
        return looked(Optional.of(standing), nowNanos);
    }

    private boolean isBehind(Ownership other) {
        return seen.filter(last -> other.term().isOlderThan(last.term())
                        || (other.term().equals(last.term()) && other.number() < last.number()))
                .isPresent();
    }

    /** How much longer to wait until the group may be claimed from its owner; 0 if it may. */
    public long restNanos(Margins margins, long nowNanos) {
        long wait = seen.filter(Ownership::bindsForATime)
                .map(owned -> margins.waitOutNanos(owned.lease()))
                .orElse(0L);
        return Math.max(0, sinceNanos + wait - nowNanos);
    }

    /** How long the owner has said nothing. */
    public long silentNanos(long nowNanos) {
        return nowNanos - sinceNanos;
    }
}
