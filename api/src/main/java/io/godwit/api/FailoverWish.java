package io.godwit.api;

import java.util.Optional;

/**
 * What is to happen without being asked when a group's owner is lost, where voters decide who owns it.
 *
 * @param automatic whether the other site takes the group over by itself; it does if nothing is said
 * @param acceptLoss whether it does so also with a replica that lacks acknowledged writes; it doesn't if nothing is said
 */
public record FailoverWish(Optional<Boolean> automatic, Optional<Boolean> acceptLoss) {
    public static final FailoverWish DEFAULT = new FailoverWish(Optional.empty(), Optional.empty());

    public boolean byItself() {
        return automatic.orElse(true);
    }

    public boolean acceptsLoss() {
        return acceptLoss.orElse(false);
    }
}
