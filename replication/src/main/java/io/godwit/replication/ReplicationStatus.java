package io.godwit.replication;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import java.time.Duration;
import java.util.Optional;

/**
 * What the source knows of its replica at one moment.
 *
 * @param seeding whether the disks are being copied to it now
 * @param seeded whether it holds a complete copy, as far as the source knows: a prefix of the log
 * @param seed the present copy of the disks, or the last one
 * @param lagBytes log bytes that are not on the replica's stable storage yet
 * @param lagMillis age of the oldest write among them
 * @param remoteDurable up to where the log is on the replica's stable storage
 * @param syncDisks only where there are async disks as well
 * @param wanBytes bytes given to and taken from channels since this replicator began, before encryption
 * @param leftOutBytes bytes of writes that did not cross because they were overwritten first, since this replicator began
 * @param roundTrip the shortest of the last heartbeats' round trips; zero before the first
 * @param trouble why there is no session, if there should be one
 */
public record ReplicationStatus(
        boolean connected,
        boolean seeding,
        boolean seeded,
        SeedStatus seed,
        ByteCount lagBytes,
        long lagMillis,
        Position remoteDurable,
        Optional<SyncDisks> syncDisks,
        long wanBytes,
        long leftOutBytes,
        Compression compression,
        ModeStatus mode,
        Duration roundTrip,
        Optional<String> trouble) {
    /**
     * What the replica has of sync disks.
     *
     * @param safe all their records before it are on its stable storage
     * @param lag log bytes from there to the last of their records
     */
    public record SyncDisks(Position safe, ByteCount lag) {}
}
