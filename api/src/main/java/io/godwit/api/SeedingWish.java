package io.godwit.api;

import io.godwit.core.BitRate;
import java.util.Optional;

/**
 * How a group's disks are to be copied from now on; what is empty stays as it is.
 *
 * @param maxRate what a copy may send at most
 * @param unlimited whether it may send as much as the link carries
 * @param paused whether no disks are copied at all
 */
public record SeedingWish(Optional<BitRate> maxRate, boolean unlimited, Optional<Boolean> paused) {}
