package io.godwit.site.group;

import io.godwit.api.FailoverReport;
import io.godwit.migration.FailoverState;

/**
 * A failover as the site that takes the group over keeps it over a restart.
 *
 * @param beganEpochMillis when it was decided
 */
record SavedFailover(FailoverState state, long beganEpochMillis, FailoverReport soFar) {}
