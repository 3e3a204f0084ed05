package io.godwit.api;

import io.godwit.core.BitRate;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.util.Optional;

/**
 * How a group's disks are to be copied from now on; what is empty stays as it is.
 *
 * @param maxRate what a copy may send at most
 * @param unlimited whether it may send as much as the link carries
 * @param paused whether no disks are copied at all
 */
public record SeedingWish(Optional<BitRate> maxRate, boolean unlimited, Optional<Boolean> paused) {
    public SeedingWish {
        if (maxRate.isPresent() && unlimited) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "say either how much a copy may send, or that there is no limit");
        }
        if (maxRate.isEmpty() && !unlimited && paused.isEmpty()) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "nothing is said about how disks are to be copied: name a rate, or pause or resume");
        }
    }
}
