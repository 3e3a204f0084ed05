package io.godwit.api;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import java.time.Instant;

/**
 * A checkpoint of a group's machines that is whole at the other site.
 *
 * @param position of the group's log at which their disks were
 * @param time when they stood still for it, by the owner's clock
 * @param pauseMicros how long they stood still
 * @param pages of memory, of 4 KiB, that were sent for it
 * @param wanBytes what that came to on the way
 * @param tookMillis from its beginning until the other site had it
 */
public record CheckpointReport(
        Position position, Instant time, long pauseMicros, long pages, ByteCount wanBytes, long tookMillis) {}
