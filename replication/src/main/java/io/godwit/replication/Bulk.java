package io.godwit.replication;

import io.godwit.core.Position;
import java.io.IOException;

/** What is copied beside the log in a session, a piece at a time. Used by one thread. */
interface Bulk {
    /** Sends something if something more may be on its way; returns whether it did. */
    boolean copy() throws IOException, InterruptedException;

    /** Says that the copy is complete if the log was shipped far enough; returns whether it did, which ends the copy. */
    boolean finish(Position shipped) throws IOException;
}
