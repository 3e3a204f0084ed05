package io.godwit.replication;

import io.godwit.core.Position;
import io.godwit.volume.DiskLane;
import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;

/** Who waits for what in a group whose disks are not all of one class. */
final class DiskRules {
    private DiskRules() {}

    /** A flush of a sync disk waits, where the mode lets anybody wait, for what sync disks wrote before it, and for nothing else. */
    record OfSync(GroupStore store, RemoteCopy remote, ModeWatch watch, DiskLane lane) implements DurabilityRule {
        @Override
        public void admit(long bytes) throws InterruptedException {
            watch.pace(bytes);
            remote.admitLane();
        }

        @Override
        public boolean everyWrite() {
            return remote.waiting() == Waiting.WRITES;
        }

        @Override
        public void awaitSafe(Position position) throws InterruptedException {
            store.awaitDurable(position);
            Position last = lane.head();
            remote.awaitLane(position.reaches(last) ? last : position);
        }
    }

    /** A flush of an async disk waits for the local log alone, unless a move needs the whole group to be synchronous. */
    record OfAsync(GroupStore store, RemoteCopy remote, ModeWatch watch) implements DurabilityRule {
        @Override
        public void admit(long bytes) throws InterruptedException {
            watch.pace(bytes);
            remote.admit();
        }

        @Override
        public boolean everyWrite() {
            return remote.held() && remote.waiting() == Waiting.WRITES;
        }

        @Override
        public void awaitSafe(Position position) throws InterruptedException {
            store.awaitDurable(position);
            remote.awaitHeld(position);
        }
    }
}
