package io.godwit.api;

import io.godwit.core.ByteCount;
import io.godwit.core.GroupName;

/**
 * What became of a change of mode.
 *
 * @param done whether the mode that was asked for is in force; otherwise everything is as it was
 * @param tookMillis until what the mode promises was true
 * @param expectedMillis what that was expected to be before it began
 * @param pendingBytes of the log that the replica lacked when it began
 * @param reason why it was not done, or what is special about it, or empty
 */
public record ModeReport(
        GroupName group,
        ReplicationMode.Kind from,
        ReplicationMode.Kind to,
        boolean done,
        long tookMillis,
        long expectedMillis,
        ByteCount pendingBytes,
        String reason) {}
