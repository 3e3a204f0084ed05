package io.godwit.migration;

/** Where a move's state survives the daemon; {@link #persist} returns when the state is on stable storage. */
public interface MoveJournal {
    void persist(MoveRecord move);
}
