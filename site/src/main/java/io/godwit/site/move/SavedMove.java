package io.godwit.site.move;

import io.godwit.api.MoveOptions;
import io.godwit.api.MoveReport;
import io.godwit.migration.MoveRecord;
import java.util.Optional;

/**
 * A move as its source keeps it over a restart: the coordinator's state, what was asked for, and what was measured so far.
 *
 * @param targetUnderlay the tunnel's far end, once the tunnel was built
 */
public record SavedMove(
        MoveRecord move,
        MoveOptions options,
        long beganEpochMillis,
        Optional<String> targetUnderlay,
        MoveReport soFar) {}
