package io.godwit.migration;

import io.godwit.core.GroupName;
import io.godwit.core.SiteName;

/** A move as it is persisted at its source. */
public record MoveRecord(MoveId id, GroupName group, SiteName from, SiteName to, MoveState state) {
    public MoveRecord with(MoveState next) {
        return new MoveRecord(id, group, from, to, next);
    }
}
