package io.godwit.quorum;

import java.time.Duration;
import java.util.Optional;

/** The voters, as a site's daemon sees them: they decide, and its own voter shows what was decided. */
public interface Quorum {
    /**
     * What this site's own voter has applied, which may be behind what was decided.
     *
     * @param version grows by each command that was applied; begins anew when the daemon does
     */
    record Agreed(long version, QuorumState state) {}

    /**
     * Asks the voters to agree on a command. It may be applied even if no answer comes, also later.
     *
     * @return empty if none came in that time, whatever the reason
     */
    Optional<QuorumAnswer> ask(QuorumCommand command, Duration atMost) throws InterruptedException;

    Agreed agreed();

    /** Waits until something beyond that version was applied; in vain, if nothing was in that time. */
    Agreed awaitAfter(long version, Duration atMost) throws InterruptedException;
}
