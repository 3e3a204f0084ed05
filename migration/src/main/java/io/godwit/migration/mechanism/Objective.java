package io.godwit.migration.mechanism;

import java.time.Duration;

/**
 * What the users of a group ask for.
 *
 * @param rpo writes that were acknowledged no longer before the loss of a site may be lost
 * @param rto after the loss of a site the service may be away for so long
 * @param overheadPercent so much of the machines' time may be taken from them in normal operation
 */
public record Objective(Duration rpo, Duration rto, double overheadPercent) {}
