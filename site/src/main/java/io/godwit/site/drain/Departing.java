package io.godwit.site.drain;

import io.godwit.api.ModeReport;
import io.godwit.core.GroupName;
import io.godwit.migration.drain.Candidate;
import io.godwit.migration.drain.MeasuredMove;
import java.util.List;
import java.util.Optional;

/** A group of the site, as a drain sees it. */
public interface Departing {
    GroupName name();

    /** How it stands now; empty if it doesn't run here. */
    Optional<Candidate> look(List<MeasuredMove> others);

    /** What its last move away from here took, if there was one that came to its end. */
    Optional<MeasuredMove> measured();

    /**
     * What to know of it, for whoever asked for the drain.
     *
     * @param leaving whether it leaves, or has left
     */
    List<String> notes(boolean leaving);

    /** Begins to move it to its other site; refuses if that can't be done now. */
    Departure depart();

    /** Has everything that it acknowledges wait for the other site, as long as it runs here; returns when that is so, or given up. */
    ModeReport synchronise() throws InterruptedException;
}
