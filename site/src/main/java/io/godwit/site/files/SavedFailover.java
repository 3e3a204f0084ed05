package io.godwit.site.files;

import io.godwit.api.FailoverReport;
import io.godwit.migration.FailoverState;

/**
 * A failover as the site that takes the group over keeps it over a restart.
 *
 * @param beganEpochMillis when it was decided
 */
public record SavedFailover(FailoverState state, long beganEpochMillis, FailoverReport soFar) {}
