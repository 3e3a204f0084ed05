package io.godwit.api;

import io.godwit.core.GroupName;
import java.util.OptionalLong;

/**
 * Where a move stands.
 *
 * @param phase the phase's word, such as {@code precopy}
 * @param atMillis since the move began
 * @param round the round of memory copying, 0 before the first
 * @param wanBytes memory and disk bytes that this move has put on the WAN so far
 * @param bytesPerSecond of late
 * @param pendingBytes disk bytes that the target has not on its disk yet
 * @param millisLeft an estimate of the time until the switch
 * @param note what is going on, for people
 */
public record MoveProgress(
        GroupName group,
        String phase,
        long atMillis,
        int round,
        long wanBytes,
        long bytesPerSecond,
        long pendingBytes,
        OptionalLong millisLeft,
        String note) {}
