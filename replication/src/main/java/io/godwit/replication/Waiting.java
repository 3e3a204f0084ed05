package io.godwit.replication;

/** Which of a guest's requests wait for the replica at this moment; each includes those before it. */
public enum Waiting {
    NOTHING,
    FLUSHES,
    WRITES;

    Waiting orMore(Waiting other) {
        return compareTo(other) < 0 ? other : this;
    }
}
