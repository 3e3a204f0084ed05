package io.godwit.api;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.time.Duration;
import java.util.Optional;

/**
 * What is to happen without being asked when a group's owner is lost, where voters decide who owns it.
 *
 * @param automatic whether the other site takes the group over by itself; it does if nothing is said
 * @param acceptLoss whether it does so also with a replica that lacks acknowledged writes; it doesn't if nothing is said
 * @param patienceMillis for how much longer than its lease an owner whose host seems to be there is waited for: its daemon may be coming back;
 *     {@link #DEFAULT_PATIENCE_MILLIS} if nothing is said
 */
public record FailoverWish(
        Optional<Boolean> automatic, Optional<Boolean> acceptLoss, Optional<Integer> patienceMillis) {
    public static final int DEFAULT_PATIENCE_MILLIS = 3_000;
    public static final FailoverWish DEFAULT = new FailoverWish(Optional.empty(), Optional.empty(), Optional.empty());

    private static final int MOST_PATIENCE_MILLIS = 600_000;

    public FailoverWish {
        if (patienceMillis
                .filter(wanted -> wanted < 0 || wanted > MOST_PATIENCE_MILLIS)
                .isPresent()) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "a daemon that is gone is waited for 0 to %d ms, not %d"
                            .formatted(MOST_PATIENCE_MILLIS, patienceMillis.get()));
        }
    }

    public boolean byItself() {
        return automatic.orElse(true);
    }

    public boolean acceptsLoss() {
        return acceptLoss.orElse(false);
    }

    public Duration patience() {
        return Duration.ofMillis(patienceMillis.orElse(DEFAULT_PATIENCE_MILLIS));
    }
}
