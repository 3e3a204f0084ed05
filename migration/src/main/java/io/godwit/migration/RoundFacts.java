package io.godwit.migration;

/**
 * What one round of memory copying showed.
 *
 * @param number the round, from 1
 * @param wireBytes bytes that this round put on the WAN
 * @param millis how long the round took
 * @param predictedPauseMillis how long the guest would be stopped if this had been the last round but one
 */
public record RoundFacts(int number, long wireBytes, long millis, long predictedPauseMillis) {}
