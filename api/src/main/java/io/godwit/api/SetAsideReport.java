package io.godwit.api;

import io.godwit.core.ByteCount;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import java.util.List;

/** Writes that a site accepted for a group and that are no part of the group's history. */
public record SetAsideReport(GroupName group, List<Entry> entries) {
    public SetAsideReport {
        entries = List.copyOf(entries);
    }

    /**
     * What was set aside at one time.
     *
     * @param from where the group's history went another way, or where the log began if that was later
     * @param whole whether everything from the parting of the ways on is there
     * @param changes records that changed a disk
     * @param at in seconds since 1970
     */
    public record Entry(
            String id, Position from, Position to, boolean whole, long changes, ByteCount changedBytes, long at) {}
}
