package io.godwit.quorum;

import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.Term;

/**
 * By which right an owner gives a command: its term, its run, and a number that grows with each command that it sends. A command that
 * was overtaken by a later one is refused, so the order in which they arrive doesn't matter.
 */
public record Holding(GroupName group, SiteName site, Session session, Term term, long number) {
    public Holding {
        if (number < 0) {
            throw new IllegalArgumentException("numbers begin at 0: " + number);
        }
    }
}
