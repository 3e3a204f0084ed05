package io.godwit.migration;

/** The three that the coordinator makes cooperate (O1); each gets the first signal and prepares (O2). */
public enum Subsystem {
    SERVER,
    STORAGE,
    NETWORK
}
