package io.godwit.lab.chaos;

import io.godwit.lab.LabSpec;

/**
 * What a chaos run is to be.
 *
 * @param seed from which {@code schedule} was drawn
 */
record ChaosOptions(LabSpec lab, long seed, Schedule schedule, Promise promise) {}
