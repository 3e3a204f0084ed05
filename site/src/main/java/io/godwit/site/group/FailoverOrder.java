package io.godwit.site.group;

import io.godwit.api.PointWish;
import io.godwit.core.Term;
import java.util.Optional;

/**
 * Somebody's decision that this site takes a group over: an operator's, or that of a quorum.
 *
 * @param term under which, if whoever decides gives terms; else the site chooses one that the other can't use
 * @param at the point to go back to; the newest consistent state if empty
 * @param acceptLoss also with a replica that is known to be an old one
 * @param fenced whether it is proven that the former owner does not run the group; else it is asked, and if it can't be
 *     reached whoever decides vouches for it
 */
public record FailoverOrder(Optional<Term> term, Optional<PointWish> at, boolean acceptLoss, boolean fenced) {
    static FailoverOrder byOperator(Optional<PointWish> at, boolean acceptLoss) {
        return new FailoverOrder(Optional.empty(), at, acceptLoss, false);
    }
}
