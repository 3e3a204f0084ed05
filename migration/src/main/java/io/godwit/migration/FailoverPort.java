package io.godwit.migration;

import io.godwit.core.Position;
import io.godwit.core.Term;
import java.util.Optional;

/**
 * What a failover asks of its site. Each call blocks until it is done, says what came of it, and can be repeated; one that fails throws
 * {@link io.godwit.core.GodwitException}. After the commit point each says {@link FailoverEvent.Overtaken} where the group
 * is no longer this site's under that term.
 */
public interface FailoverPort {
    /** Ends what is received, and replaces the group's record. Nothing has changed if this throws. */
    FailoverEvent decide(Term term) throws InterruptedException;

    /** Whether the group's record has the term: {@code Decided} or {@code Refused}. */
    FailoverEvent lookUp(Term term);

    /** Opens the disks to be written under the term; if {@code at} is there, prepares that they are as they were then. */
    FailoverEvent promote(Term term, Optional<Position> at) throws InterruptedException;

    /** Boots the machines that are not there. */
    FailoverEvent boot(Term term) throws InterruptedException;

    FailoverEvent announce(Term term) throws InterruptedException;

    /** Waits until the other site follows and has caught up, however long; then everything is as it usually is. */
    FailoverEvent awaitFollower(Term term) throws InterruptedException;
}
