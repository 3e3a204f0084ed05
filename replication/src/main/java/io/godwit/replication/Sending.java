package io.godwit.replication;

import io.godwit.replication.ReplicaMessage.Differing;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * What is needed to send to a replica in one session.
 *
 * @param batches what may cross as one batch now
 * @param delivery learns when something is on its way
 * @param leftOut counts content that did not cross
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
        Queue<Differing> answers,
        Supplier<BatchRule> batches,
        DeliveryRate delivery,
        LongAdder leftOut) {

    /** Whether more of the disks may be on its way now. */
    boolean mayCopy() {
        return window.open() && pace.open(System.nanoTime());
    }

    /** Notes bytes that were sent for the copy's sake. */
    void sent(long bytes) {
        pace.sent(bytes, System.nanoTime());
    }

    /** Sends something that was packed. */
    void send(SourceMessage message) throws IOException {
        long begin = System.nanoTime();
        SourceCodec.write(frames, message);
        long now = System.nanoTime();
        packer.sent(now - begin, now);
    }
}
