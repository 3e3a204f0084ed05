package io.godwit.replication;

import io.godwit.replication.ReplicaMessage.Differing;
import io.godwit.volume.GroupStore;
import java.util.Queue;

/**
 * What is needed to send to a replica in one session.
 *
 * @param markBytes content between two marks of seeding
 * @param answers what the replica says about digests, in order
 */
record Sending(
        GroupStore store,
        Frames frames,
        Packer packer,
        SeedWindow window,
        SeedReport report,
        SeedPace pace,
        long markBytes,
        Salt salt,
        Queue<Differing> answers) {

    /** Whether more of the disks may be on its way now. */
    boolean mayCopy() {
        return window.open() && pace.open(System.nanoTime());
    }

    /** Notes bytes that were sent for the copy's sake. */
    void sent(long bytes) {
        pace.sent(bytes, System.nanoTime());
    }
}
