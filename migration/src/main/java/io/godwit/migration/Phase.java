package io.godwit.migration;

import java.util.Locale;

/** Where a move stands, in the order in which a move that succeeds passes through; the words that users see. */
public enum Phase {
    IMMINENT,
    DRAIN,
    SYNCHRONOUS,
    PRECOPY,
    FINAL,
    OFFERED,
    COMMITTED,
    COMPLETED,
    ABORTING,
    ABORTED;

    public boolean ended() {
        return this == COMPLETED || this == ABORTED;
    }

    /** The word for this phase in commands, reports and documentation. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
